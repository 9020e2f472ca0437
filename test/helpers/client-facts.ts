/** Facts of Claude Code for hand-written cases: only what a case is about is named. */
import type { ClaudeCodeFact } from '../../src/model/client-fact.ts';

type Kind = ClaudeCodeFact['kind'];
type FactOf<K extends Kind, F = ClaudeCodeFact> = F extends { kind: infer Kinds }
  ? K extends Kinds
    ? F
    : never
  : never;
type Fields<K extends Kind> = Partial<Omit<FactOf<K>, 'kind'>>;

export const NOON = Date.UTC(2026, 0, 1, 12);

/** Makes facts one second apart. `prompt: undefined` stands for a client that names no prompts. */
export function clientFacts(prompt: string | undefined = 'p1', from = NOON) {
  let at = from - 1000;
  return <K extends Kind>(kind: K, fields: Fields<K> = {}): ClaudeCodeFact => {
    at += 1000;
    return { v: 1, at, source: 'hook', session: 's1', prompt, ...fields, kind } as ClaudeCodeFact;
  };
}
