/** Facts of span helpers and script hooks for hand-written cases: only what a case is about is named. */
import type { ContextFact, EndFact, NoteFact, RequestFact, StartFact } from '../../src/model/fact.ts';
import { NOON } from './client-facts.ts';

const base = { v: 1, at: NOON, source: 'hook' } as const;
/** A span id that shows its number. */
export const span = (number: number): string => number.toString(16).padStart(16, '0');
export const TRACE = 'd'.repeat(32);

export const makeStart = (number: number, overrides: Partial<StartFact> = {}): StartFact => ({
  ...base,
  kind: 'start',
  level: 'command',
  span: span(number),
  trace: TRACE,
  name: `/c${number}`,
  ...overrides,
});
export const makeEnd = (number: number | undefined, overrides: Partial<EndFact> = {}): EndFact => ({
  ...base,
  kind: 'end',
  span: number === undefined ? undefined : span(number),
  status: 'completed',
  ...overrides,
});
export const makeNote = (number: number, overrides: Partial<NoteFact> = {}): NoteFact => ({
  ...base,
  kind: 'note',
  level: 'info',
  id: span(number),
  message: `note ${number}`,
  ...overrides,
});
export const makeContext = (overrides: Partial<ContextFact>): ContextFact => ({
  ...base,
  kind: 'context',
  ...overrides,
});
export const makeRequest = (number: number, parent: number, output: number): RequestFact => ({
  ...base,
  kind: 'request',
  id: span(number),
  parent: span(parent),
  model: 'm',
  tokens: { input: 1, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output },
});
