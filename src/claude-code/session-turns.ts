/** The items of a session's main transcript → its turns: a prompt with all that followed it. Pure. */
import type { PromptItem, TranscriptItem } from './transcript-item.ts';

export interface Turn {
  prompt: PromptItem;
  items: TranscriptItem[];
  /** The client's id of the prompt, or what stands in for it; part of the ids of what the turn began. */
  key: string;
  /** The run that it is, or that it continues. */
  run: string;
  session: string;
  /** Start of the next turn of a person in this transcript. */
  nextAt: number | null;
  /** Last sign of life, of the agents too once they are read. */
  lastAt: number;
}

export interface TurnSources {
  session: string;
  /** True if a prompt was seen in another transcript, of which this one is a fork. */
  isSeenElsewhere(uuid: string): boolean;
  /** The key of a run that hooks recorded of this session at this time, for prompts that have no id of their own. */
  keyOfRunAt(session: string, at: number, uuid: string): string | undefined;
}

const WORK = ['answer', 'call', 'skill', 'api_error'];

export function turnsOf(items: readonly TranscriptItem[], sources: TurnSources): Turn[] {
  const begun = withoutLocal(split(items));
  const lastRepeat = begun.findLastIndex(({ prompt, items: inner }) =>
    [prompt, ...inner].some(item => 'repeatedFrom' in item && item.repeatedFrom !== undefined),
  );
  const ownIds = new Set(begun.slice(lastRepeat + 1).map(({ prompt }) => prompt.prompt));
  const turns: Turn[] = [];
  for (const [index, { prompt, items: inner }] of begun.entries()) {
    const isRepeat = index <= lastRepeat;
    // Clients of old copied a session when it was resumed, and wrote no ids of prompts.
    if ((isRepeat || !prompt.prompt) && sources.isSeenElsewhere(prompt.uuid)) continue;
    const session = (isRepeat ? originOf(prompt, inner) : undefined) ?? sources.session;
    // A fork may give all that it repeats the id of its own prompt.
    const id = isRepeat && ownIds.has(prompt.prompt) ? undefined : prompt.prompt;
    const key = id || sources.keyOfRunAt(session, prompt.at, prompt.uuid) || prompt.uuid || `${session}@${prompt.at}`;
    const before = turns.at(-1);
    if (before && before.key === key) {
      // What a person types meanwhile joins the turn that is under way.
      for (const item of inner) before.items.push(item);
      continue;
    }
    const run = prompt.origin === 'system' ? continuedRun(turns, prompt) : key;
    if (run === undefined) continue;
    const lastAt = inner.reduce((last, item) => Math.max(last, item.at), prompt.at);
    turns.push({ prompt, items: inner, key, run, session, nextAt: null, lastAt });
  }
  let nextAt: number | null = null;
  for (const turn of turns.toReversed()) {
    turn.nextAt = nextAt;
    if (turn.prompt.origin !== 'system') nextAt = turn.prompt.at;
  }
  return turns;
}

interface Begun {
  prompt: PromptItem;
  items: TranscriptItem[];
}

function split(items: readonly TranscriptItem[]): Begun[] {
  const begun: Begun[] = [];
  for (const item of items) {
    if (item.kind === 'prompt') begun.push({ prompt: item, items: [] });
    else begun.at(-1)?.items.push(item);
  }
  return begun;
}

/** Without the commands that the client answered alone, as `/clear`: hooks do not tell of them. */
const withoutLocal = (begun: readonly Begun[]): Begun[] =>
  begun.filter(({ prompt, items }) => prompt.origin !== 'local' || items.some(item => WORK.includes(item.kind)));

function originOf(prompt: PromptItem, items: readonly TranscriptItem[]): string | undefined {
  const answer = items.find(item => item.kind === 'answer' && item.repeatedFrom !== undefined);
  return prompt.repeatedFrom ?? (answer?.kind === 'answer' ? answer.repeatedFrom : undefined);
}

/** The run that a prompt of the client's own continues: that of the agent that reports, else the last one. */
function continuedRun(turns: readonly Turn[], prompt: PromptItem): string | undefined {
  const reporting = turns.findLast(turn =>
    turn.items.some(item => item.kind === 'result' && item.child !== undefined && prompt.about?.includes(item.child)),
  );
  return (reporting ?? turns.at(-1))?.run;
}

/** How a turn ended. */
export type TurnEnd =
  | { kind: 'stop'; at: number; interrupted?: true }
  | { kind: 'stop_failure'; at: number; error: string; message: string };

/** Null if the transcript does not tell: it goes on, or the client was killed. */
export function endOfTurn({ items, nextAt }: Turn): TurnEnd | null {
  const found = evidence(items, nextAt !== null);
  return found && nextAt !== null ? { ...found, at: Math.min(found.at, nextAt) } : found;
}

function evidence(items: readonly TranscriptItem[], hasNext: boolean): TurnEnd | null {
  for (const item of items.toReversed()) {
    if (item.kind === 'interrupt') return { kind: 'stop', at: item.at, interrupted: true };
    if (item.kind === 'api_error') return { ...item, kind: 'stop_failure' };
    // What the client answered itself ends a turn in which the model said nothing.
    const isEnd = item.kind === 'stopped' || (item.kind === 'local' && !items.some(({ kind }) => kind === 'answer'));
    if (isEnd) return { kind: 'stop', at: item.at };
    if (item.kind === 'answer') {
      const isFinal = item.final === true || (item.final === undefined && hasNext);
      return isFinal ? { kind: 'stop', at: item.at } : null;
    }
  }
  return null;
}
