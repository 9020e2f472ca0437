/** The record that starts an agent, or starts it again → the run that it belongs to, and the skill that it works for. */
import { agentSpan } from '../model/owner.ts';
import { name, type Payload, text } from './payload.ts';
import { spokenIn } from './transcript-parts.ts';
import type { AgentState, SessionState, WorkingSkill } from './usage-state.ts';

/** How the document of a skill begins that was called by typing its name, or that an agent of its own does. */
export const SKILL_DOCUMENT = 'Base directory for this skill:';

export interface StartedAgent {
  id: string;
  agent: AgentState;
  /** Of the session, as far as its transcripts were read. */
  state: SessionState;
}

/** Called for what an agent is told, and for its first answer if that is missing. */
export function startAgent(record: Payload, { id, agent, state }: StartedAgent): void {
  const prompt = text(record.promptId);
  const { kind, text: said } = spokenIn(record);
  const isFirst = agent.span === null;
  if (!isFirst && (prompt === undefined || prompt === agent.prompt || kind !== 'prompt')) {
    if (record.origin === undefined || prompt === undefined || prompt === agent.prompt) return;
  }
  const call = state.calls.get(state.callOfAgent.get(id) ?? '');
  const named = prompt === undefined ? undefined : state.runs.get(prompt);
  agent.run = named ?? call?.run ?? agent.run;
  agent.method = named ? 'exact' : 'inherited';
  agent.prompt = prompt;
  agent.span = agentSpan(id, prompt ?? agent.run?.key);
  agent.type ??= call?.type;
  // Who resumes it later may have another skill at work.
  agent.inherited = isFirst ? (call?.skill ?? skillIn(said, record)) : undefined;
  agent.skill = undefined;
}

/** The skill that an agent of its own does: its document is the first that the agent is told. */
function skillIn(said: string, record: Payload): WorkingSkill | undefined {
  if (!said.startsWith(SKILL_DOCUMENT) || record.sourceToolUseID !== undefined) return undefined;
  const [folder = ''] = said.slice(SKILL_DOCUMENT.length).split('\n', 1);
  return { name: name(folder.trim().split(/[\\/]/).at(-1), 'skill'), span: null };
}
