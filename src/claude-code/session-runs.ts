/** What is said in the main transcript of a session → the run that goes on: a prompt of a person, with all that follows. */
import { SKILL_DOCUMENT } from './agent-start.ts';
import { type Answer, repeatedFrom } from './answer.ts';
import { type Payload, text } from './payload.ts';
import type { PromptItem } from './transcript-item.ts';
import { promptItem, spokenIn } from './transcript-parts.ts';
import { type Run, remember, type SessionState } from './usage-state.ts';

export interface SpokenRecord {
  record: Payload;
  at: number;
  session: string;
}

/** Takes a record of a user that holds no results of tools. */
export function takeSpoken(state: SessionState, { record, at, session }: SpokenRecord): void {
  const { current } = state;
  const { kind, text: said } = spokenIn(record);
  if (kind === 'local') takeLocalAnswer(state);
  if (kind === 'own' && current && said.startsWith(SKILL_DOCUMENT) && record.sourceToolUseID === undefined) {
    if (current.command.startsWith('/')) current.typedSkill ??= current.command.slice(1);
  }
  if (kind === 'prompt') takePrompt(state, promptItem(record, said, at), text(record.sessionId) ?? session);
}

function takePrompt(state: SessionState, prompt: PromptItem, session: string): void {
  const id = prompt.prompt;
  const named = id === undefined ? undefined : state.runs.get(id);
  const known = named?.isLocal && prompt.origin !== 'local' ? undefined : named;
  if (prompt.origin === 'system') {
    const run = continuedRun(state, prompt);
    if (run) begin(state, run, id);
    return;
  }
  // What a person types meanwhile joins the turn that is under way.
  if (known && known === state.current) return;
  const key = id ?? (prompt.uuid || `${session}@${prompt.at}`);
  const command = prompt.command === undefined ? 'prompt' : `/${prompt.command}`;
  const uuid = id === undefined ? undefined : prompt.uuid || undefined;
  const run: Run = known ?? { key, command, slash: prompt.slash, uuid };
  if (prompt.origin !== 'local') return beginAnew(state, run, id);
  run.isLocal = true;
  state.tentative = run;
  remember(state.runs, key, run);
}

function begin(state: SessionState, run: Run, prompt: string | undefined): void {
  state.current = run;
  state.tentative = null;
  run.isLocal = undefined;
  run.prompt = prompt === run.key ? undefined : prompt;
  remember(state.runs, prompt ?? run.key, run);
}

/** The next prompt of a person ends what the last one has begun. */
function beginAnew(state: SessionState, run: Run, prompt?: string): void {
  if (state.current && state.current !== run) state.current.skill = undefined;
  begin(state, run, prompt);
}

/** The run that a prompt of the client's own continues: that of the agent that reports, else the last one. */
function continuedRun({ calls, callOfAgent, agents, current }: SessionState, { about }: PromptItem): Run | null {
  for (const agent of about ?? []) {
    const run = calls.get(callOfAgent.get(agent) ?? '')?.run ?? agents.get(agent)?.run;
    if (run) return run;
  }
  return current;
}

/** The run that an answer of the model belongs to; null before the first prompt. */
export function answeredRun(state: SessionState, answer: Answer): Run | null {
  if (state.tentative) beginAnew(state, state.tentative);
  const { current } = state;
  if (current && answer.requestSession !== undefined && repeatedFrom(answer) !== undefined) repeat(state, current);
  // It is kept for every run of a session, and needed for the first answer only.
  if (current?.uuid !== undefined) current.uuid = undefined;
  return current;
}

/** Newer forks give all that they repeat the id of their own prompt: it is not the id of this run. */
function repeat(state: SessionState, run: Run): void {
  state.runs.delete(run.prompt ?? run.key);
  run.key = run.uuid ?? run.key;
  run.prompt = undefined;
}

/** A skill that runs as an agent of its own is written as it was typed, and answered like a command of the client. */
export function takeLocalAnswer({ tentative, current }: SessionState): void {
  const run = tentative ?? current;
  if (run?.slash !== undefined && run.command === 'prompt') run.command = `/${run.slash}`;
}
