/** A state folder to watch: a run that failed, one that is done, one that runs, with names that want to break the screen. */
import type { Fact } from '../../src/model/fact.ts';
import { end, note, request, spanId, start } from './run-cli.ts';

const MINUTE = 60_000;

/** `now`: milliseconds since 1970; the last run began four minutes before. */
export function watchedFacts(now: number): Fact[] {
  const session = { session: 'a1b2c3d4-0000-4000-8000-000000000001', stage: 'prototype', system: 'Shop' };
  const at = (minutes: number): { at: number } => ({ at: now - minutes * MINUTE });
  const below = (parent: number): { parent: string } => ({ parent: spanId(parent) });
  return [
    start(1, { ...at(50), ...session, name: '/deploy' }),
    start(2, { ...at(50), level: 'agent', name: 'builder', ...below(1), label: 'Bundle the shop' }),
    request(90, { ...at(49), ...below(2), model: 'claude-sonnet-4-5', cost_nanousd: 32_700_000 }),
    end(2, { ...at(48) }),
    start(3, { ...at(48), level: 'agent', name: 'e\u0301value\u202eur \u{1f680}\x1b[31m 名前', ...below(1) }),
    note(10, { ...at(47.5), level: 'error', type: 'ApiError', message: 'overloaded\x1b[2J', ...below(3) }),
    end(3, { ...at(47), status: 'failed' }),
    end(1, { ...at(47), status: 'failed' }),
    start(4, { ...at(30), ...session, name: '/review' }),
    note(11, { ...at(29), type: 'ToolFailure', message: 'Bash: exit code 1', ...below(4) }),
    end(4, { ...at(28) }),
    start(5, { ...at(4), ...session, name: '/build' }),
    start(6, { ...at(4), level: 'agent', name: 'builder', ...below(5), label: 'Write the parser' }),
    end(6, { ...at(3) }),
    start(7, { ...at(3), level: 'agent', name: 'tester', ...below(5), label: 'Run the tests' }),
    start(8, { ...at(2), level: 'skill', name: 'fuzz', ...below(7) }),
  ];
}
