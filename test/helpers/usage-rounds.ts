/** Rounds of work as a client writes them: requests in copies, agents, texts that are no ASCII. */
import { NOON } from './client-facts.ts';
import { agentFile, inFile, type Line } from './usage-cases.ts';
import { type Fields, transcript, used } from './write-transcripts.ts';

const FIRST = { message: { stop_reason: null } };

/** A round of work: a prompt, three requests in copies, one of them of an agent; some texts are no ASCII. */
export function usageRound(round: number): Line[] {
  const session = `0b6e0000-0000-4000-8000-00000000000${round % 4}`;
  const t = transcript(session, NOON + round * 60_000);
  const prompt = `p${round}`;
  const agent = `a${round}`;
  const call = { content: [{ type: 'tool_use', id: `t${round}`, name: 'Agent', input: { subagent_type: 'größer' } }] };
  const inner = [t.prompt('work', prompt), t.answer(`${round}b`, used(4, 1), FIRST), t.answer(`${round}b`, used(4, 8))];
  return [
    ...inFile(`${session}.jsonl`, t.command(`ship-${round % 3}`, prompt), t.answer(`${round}a`, used(1, 2), call)),
    ...inFile(agentFile(agent, session).file, ...inner),
    ...inFile(`${session}.jsonl`, t.result(`t${round}`, { toolUseResult: { agentId: agent } })),
    ...inFile(`${session}.jsonl`, t.answer(`${round}c`, used(16, 1), FIRST), t.answer(`${round}c`, used(16, 32))),
  ].map(([file, line]) => [file, { ...(line as Fields), cwd: '/home/jürgen' }]);
}
