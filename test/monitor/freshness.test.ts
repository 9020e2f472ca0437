/** The document with a real monitor, and hooks that leave it alone. The hooks and the monitor must be built. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appendLines, end, linesOf, start } from '../helpers/run-cli.ts';
import { monitor, monitoredFolder, until } from '../helpers/run-monitor.ts';
import { runHook } from '../helpers/run-program.ts';
import { journalLines, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const FRESH_MILLIS = 250;
const FACTS = 12;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const hasEvents = (stateDir: string, count: number): boolean =>
  existsSync(`${stateDir}/pipeline_progress.json`) && readDocument(stateDir).statistics.total_events >= count;

it('a fact is in the document within 250 ms', async () => {
  const stateDir = monitoredFolder();
  await monitor('start', stateDir);
  const late: number[] = [];
  for (let fact = 1; fact <= FACTS; fact++) {
    appendLines(stateDir, linesOf([fact % 2 ? start(fact) : end(fact - 1)]));
    const began = performance.now();
    await until(() => hasEvents(stateDir, fact));
    late.push(performance.now() - began);
  }
  // The median, for this machine may be busy with something else for a moment.
  expect(median(late)).toBeLessThan(FRESH_MILLIS);
  await monitor('stop', stateDir);
  expect(hasEvents(stateDir, FACTS)).toBe(true);
});

const input = {
  session_id: 's1',
  prompt_id: 'p1',
  hook_event_name: 'PreToolUse',
  tool_name: 'Skill',
  tool_input: { skill: 'writer' },
  tool_use_id: 'toolu_1',
};

describe('a hook', () => {
  it('leaves the document to a monitor that lives, and writes it itself after that has stopped', async () => {
    const stateDir = monitoredFolder();
    const env = { SPANBOOK_STATE_DIR: stateDir };
    await monitor('start', stateDir);
    await runHook('claude-code', { input, env });
    await until(() => hasEvents(stateDir, 1));
    expect(await monitor('status', stateDir)).toMatchObject({ hooks: { last_seen_at: expect.any(String) } });
    await monitor('stop', stateDir);
    await runHook('claude-code', { input: { ...input, hook_event_name: 'Stop' }, env });
    expect(readDocument(stateDir).statistics.total_events).toBe(2);
  });

  it.each([
    ['of this moment', 0, false],
    ['of 3 s ago', -3000, false],
    ['of 8 s ago', -8000, true],
    ['of a clock that is 3 s ahead', 3000, false],
    ['of a clock that is an hour ahead', 3_600_000, true],
  ])('looks at the sign of life: %s', async (_, age, writes) => {
    const stateDir = tempDir();
    mkdirSync(`${stateDir}/journal`);
    const alive = `${stateDir}/journal/monitor-alive`;
    writeFileSync(alive, '');
    const at = new Date(Date.now() + age);
    utimesSync(alive, at, at);
    for (const hook_event_name of ['PreToolUse', 'Stop']) {
      const { code, stdout, stderr } = await runHook('claude-code', {
        input: { ...input, hook_event_name },
        env: { SPANBOOK_STATE_DIR: stateDir },
      });
      expect([code, stdout, stderr]).toEqual([0, '', '']);
    }
    expect(journalLines(stateDir)).toHaveLength(2);
    expect(existsSync(`${stateDir}/pipeline_progress.json`)).toBe(writes);
  });
});
