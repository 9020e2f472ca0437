/** States that reports are made of in tests: the recorded session, and one in which every name is hostile. */
import { mkdirSync } from 'node:fs';
import type { Fact } from '../../src/model/fact.ts';
import { recordedCalls } from './recorded-session.ts';
import { appendLines, end, linesOf, note, spanId, start } from './run-cli.ts';
import { ROOT, runHook } from './run-program.ts';
import { fillUsageState } from './usage-state.ts';

export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://evil.example","x")',
  '@SUM(1+1)*cmd|calc',
  'pipe | `tick` [link](http://evil.example) **bold** $x$',
  'line\nbreak\r\n| a | b |',
  '\x1b]0;title\x07\x1b[31mred',
  'abc\u202egnp.exe',
  '__proto__',
  'constructor',
  '{bold|loud}',
  '日本語のエージェント 😀 عربى',
  'x'.repeat(1_000_000),
  ']]></style><script>alert(2)</script>',
  '\ud800 lone',
];

export interface ReportState {
  stateDir: string;
  claudeDir: string;
  /** Milliseconds since 1970. */
  now: number;
}

const NOW = Date.parse('2026-11-20T15:00:00.000Z');
const DAY = 86_400_000;

/** Thirty days in which everything is named so that whoever obeys it does harm. */
export function hostileState(folder: string): ReportState {
  const stateDir = `${folder}/state`;
  mkdirSync(`${stateDir}/journal`, { recursive: true });
  mkdirSync(`${folder}/claude/projects`, { recursive: true });
  const nameAt = (index: number): string => HOSTILE_NAMES[index % HOSTILE_NAMES.length] ?? '';
  fillUsageState(
    stateDir,
    Array.from({ length: 120 }, (_, index) => ({
      at: new Date(NOW - (index % 30) * DAY - index * 60_000).toISOString(),
      tokens: { input: 1000 + index, output: 100 * index, cache_read: 12_345 },
      model: index % 9 === 0 ? nameAt(index) : 'claude-sonnet-4-5-20250929',
      agent: nameAt(index),
      command: nameAt(index + 1),
      skill: nameAt(index + 2),
      stage: nameAt(index + 3),
      project: `/home/${nameAt(index + 4)}`,
      session: nameAt(index + 5),
    })),
  );
  const facts = HOSTILE_NAMES.flatMap((name, index): Fact[] => {
    const at = NOW - (index + 1) * 3_600_000;
    const failure = { type: name, message: `${name} has failed`, severity: 'high' } as const;
    return [
      start(index + 1, { at, name, session: name.slice(0, 50) }),
      note(100 + index, { at: at + 10, level: 'error', parent: spanId(index + 1), ...failure }),
      end(index + 1, { at: at + 1000 * (index + 1), status: index % 3 === 0 ? 'failed' : 'completed' }),
    ];
  });
  appendLines(stateDir, linesOf(facts));
  return { stateDir, claudeDir: `${folder}/claude`, now: NOW };
}

/** The recorded session, through the built hook. */
export async function recordedState(folder: string): Promise<ReportState> {
  const stateDir = `${folder}/state`;
  let now = 0;
  for (const { received_at_ms, payload } of recordedCalls()) {
    now = received_at_ms;
    await runHook('claude-code', {
      input: payload,
      env: { SPANBOOK_STATE_DIR: stateDir, SPANBOOK_NOW: String(received_at_ms) },
    });
  }
  return { stateDir, claudeDir: `${ROOT}examples/recorded-session`, now: now + 60_000 };
}
