import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LimitReading } from '../../src/model/rate-limits.ts';
import { newestLimits, recordLimits, sessionCosts } from '../../src/store/rate-limits.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const AT = Date.parse('2026-03-01T12:00:00.000Z');

const reading = (second: number, overrides: Partial<LimitReading> = {}): LimitReading => ({
  v: 1,
  at: new Date(AT + 1000 * second).toISOString(),
  session_id: 's1',
  rate_limits: { five_hour: { used_percentage: 10, resets_at: null } },
  cost: { total_cost_usd: 1, total_duration_ms: 1000 * second },
  ...overrides,
});
const used = (percent: number): Partial<LimitReading> => ({
  rate_limits: { five_hour: { used_percentage: percent, resets_at: null } },
});
const linesIn = (stateDir: string, name = 'rate-limits.jsonl'): string[] =>
  readFileSync(`${stateDir}/usage/${name}`, 'utf8')
    .split('\n')
    .filter(line => line !== '');

describe('a reading', () => {
  it('is written when something changed, or a minute has passed', () => {
    const stateDir = tempDir();
    const written = [
      reading(0),
      reading(1),
      reading(59),
      reading(60),
      reading(61, used(11)),
      reading(62, used(10)),
      reading(63, { cost: { total_cost_usd: 1.5 } }),
      reading(64, { cost: { total_cost_usd: 1.5 }, rate_limits: undefined }),
    ].map(next => recordLimits(stateDir, next));
    expect(written).toEqual([true, false, false, true, true, true, true, true]);
    expect(linesIn(stateDir)).toHaveLength(6);
  });

  it('of another session is another one', () => {
    const stateDir = tempDir();
    for (const session_id of ['s1', 's2', 's10', 's1', 's2']) recordLimits(stateDir, reading(0, { session_id }));
    expect(linesIn(stateDir)).toHaveLength(3);
  });

  it('is written when the clock went back', () => {
    const stateDir = tempDir();
    expect([reading(100), reading(50)].map(next => recordLimits(stateDir, next))).toEqual([true, true]);
  });

  it('stands beside lines that are torn, of others, or newer', () => {
    const stateDir = tempDir();
    recordLimits(stateDir, reading(0));
    appendFileSync(
      `${stateDir}/usage/rate-limits.jsonl`,
      'null\n{"v":2,"at":"x","session_id":"s1"}\n{"v":1,"at":"2026-03',
    );
    expect(recordLimits(stateDir, reading(1))).toBe(false);
    expect(recordLimits(stateDir, reading(61))).toBe(true);
    expect(newestLimits(stateDir)?.at).toBe(reading(61).at);
    expect(sessionCosts(stateDir).get('s1')?.cost).toEqual({ total_cost_usd: 1, total_duration_ms: 61_000 });
  });
});

describe('the file', () => {
  it('is two files of a limited size, and the newest of each session is kept', () => {
    const stateDir = tempDir();
    for (let second = 0; second < 300; second++)
      recordLimits(stateDir, reading(second, used(second % 100)), { maxBytes: 5000 });
    for (const name of ['rate-limits.jsonl', 'rate-limits.1.jsonl']) {
      expect(statSync(`${stateDir}/usage/${name}`).size).toBeLessThan(5500);
    }
    expect(newestLimits(stateDir)).toMatchObject({ at: reading(299).at, ...used(99) });
    const kept = [...linesIn(stateDir, 'rate-limits.1.jsonl'), ...linesIn(stateDir)].map(line => JSON.parse(line).at);
    expect(kept).toEqual(kept.map((_, index) => reading(300 - kept.length + index).at));
  });

  it('is none where nothing was told, and makes no folder', () => {
    const stateDir = `${tempDir()}/none`;
    expect([newestLimits(stateDir), sessionCosts(stateDir).size]).toEqual([null, 0]);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('tells the newest limits, whichever session told them, though the last told none', () => {
    const stateDir = tempDir();
    recordLimits(stateDir, reading(0, used(1)));
    recordLimits(stateDir, reading(2, { session_id: 's2', ...used(3) }));
    recordLimits(stateDir, reading(1, { session_id: 's3', ...used(2) }));
    recordLimits(stateDir, reading(4, { session_id: 's4', rate_limits: undefined }));
    expect(newestLimits(stateDir)).toMatchObject({ session_id: 's2', ...used(3) });
  });

  it('that cannot be written is said', () => {
    const stateDir = tempDir();
    mkdirSync(`${stateDir}/usage/rate-limits.jsonl`, { recursive: true });
    expect(() => recordLimits(stateDir, reading(0))).toThrow(/EISDIR/);
  });
});
