/** Whatever is typed: an answer, or words that say what is wrong, and never an unexpected error. */
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { parseCall } from '../../src/cli/command-parser.ts';
import type { CommandSpec } from '../../src/cli/command-spec.ts';
import { quickCall } from '../../src/cli/quick-call.ts';
import { COMMANDS } from '../../src/cli/run-cli.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { cli, makeState } from '../helpers/run-cli.ts';
import { spanbook } from '../helpers/run-monitor.ts';
import { fillUsageState } from '../helpers/usage-state.ts';
import { fault, times } from './fault.ts';
import { fuzz } from './fuzz.ts';

const VALUES = [
  ...[
    '',
    ' ',
    '-',
    '--',
    '---',
    '-1',
    '0',
    '1',
    '5',
    '1e9',
    '1e999',
    '9007199254740993',
    'NaN',
    'Infinity',
    '0x10',
    '٣',
    '1,5',
    '½',
  ],
  ...[
    '7d',
    '24h',
    '30m',
    '-7d',
    '99999999999d',
    '2026-01-01',
    '2026-02-30',
    '2026-01-01T00:00:00Z',
    '+275760-09-13',
    'today',
    'now',
    'never',
  ],
  ...[
    'agent',
    'model',
    'agent,model',
    'agent,,model',
    'agent,agent',
    ',',
    'stage,command,agent,skill,model,project',
    'constructor',
    '__proto__',
  ],
  ...[
    'Europe/Berlin',
    'Mars/Base',
    'UTC',
    '../../etc/passwd',
    '/',
    '/dev/null',
    'evt-0123456789abcdef',
    'error',
    'command',
    'http://127.0.0.1:1',
  ],
  ...['\u202e', '\x1b[2J', '=1+1', '\ud800', '😀'.repeat(500), 'x'.repeat(20_000), '%s%n', '$(id)', '`id`', '"', "'"],
];
/** Those that ask only: the others make files, start processes or call others, and have tests of their own. */
const ASKING = COMMANDS.filter(
  ({ path }) => ['pipeline', 'usage', 'attribution', 'context'].includes(path[0] ?? '') && path[1] !== 'set',
);

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...VALUES) },
  fc.string({ unit: 'binary', maxLength: 12 }),
);

const optionOf = ({ options }: CommandSpec): fc.Arbitrary<string[]> => {
  const flags = [
    ...options.map(option => option.flags),
    '--json',
    '--state-dir <DIR>',
    '--nonsense',
    '-x <Y>',
    '--help',
    '--version',
  ];
  return fc.tuple(fc.constantFrom(...flags), value, fc.nat(9)).map(([known, given, form]) => {
    const [flag = '', takes] = known.split(' ');
    // A state folder of the name that came up would be another one.
    if (flag === '--state-dir' || flag === '--claude-dir' || flag === '--follow') return [];
    if (form === 0) return [flag];
    if (form === 1) return [`${flag}=${given}`];
    return takes ? [flag, given] : [flag];
  });
};

/** The words of one command with options of its own and of none, mostly in their order. */
const callOf = (specs: readonly CommandSpec[]): fc.Arbitrary<string[]> =>
  fc.constantFrom(...specs).chain(spec =>
    fc
      .tuple(fc.array(optionOf(spec), { maxLength: 3 }), fc.array(value, { maxLength: 1 }), fc.nat(9))
      .map(([options, operands, form]) => {
        const words = form === 0 ? spec.path.slice(0, 1) : spec.path;
        const own = spec.argument || form === 1 ? operands : [];
        return form === 2 ? [...options.flat(), ...words, ...own] : [...words, ...options.flat(), ...own];
      }),
  );

const quiet = { stdout: { write: () => {} }, stderr: { write: () => {} }, env: {} };

function usedState(): string {
  const stateDir = makeState(recordedFacts());
  refreshDocument(stateDir, 1e9);
  fillUsageState(stateDir, [{ at: '2026-03-01T11:00:00Z', agent: 'builder', tokens: { output: 5 } }]);
  return stateDir;
}

describe('input', () => {
  fault('flags of the command line, parsed', 'a call, or words for the mistake', row =>
    fuzz(row, {
      input: callOf(COMMANDS),
      inputs: times(20_000, 1_000_000),
      take: calls =>
        calls.filter(argv => {
          const call = quickCall(argv, COMMANDS) ?? parseCall(argv, COMMANDS, quiet as never);
          return !('isMistake' in call);
        }).length,
    }),
  );

  fault('flags of the command line, run', 'exit code 0, 1 or 2, JSON that is whole, and no unexpected error', row => {
    const stateDir = usedState();
    const env = { SPANBOOK_STATE_DIR: stateDir, CLAUDE_CONFIG_DIR: `${stateDir}/none`, TZ: 'UTC' };
    return fuzz(row, {
      input: callOf(ASKING),
      inputs: times(1000, 100_000),
      async take(calls) {
        let answered = 0;
        for (const argv of calls) {
          const { code, out, err } = await cli(argv, { env });
          expect([argv, [0, 1, 2].includes(code), /unexpected error/.exec(err)], err).toEqual([argv, true, null]);
          if (code !== 0) expect([argv, (out + err).trim() === '']).toEqual([argv, false]);
          if (code === 0 && argv.includes('--json') && out.startsWith('{')) JSON.parse(out);
          if (code === 0) answered++;
        }
        return answered;
      },
    });
  });

  fault('real processes of the command line', 'exit code 0, 1 or 2, and no unexpected error', async ({ count }) => {
    const env = { SPANBOOK_STATE_DIR: usedState() };
    const sendable = fc
      .sample(callOf(ASKING), times(40, 500))
      .map(argv => argv.filter(word => !word.includes('\0') && word.isWellFormed()));
    for (const argv of sendable) {
      const { code, stderr } = await spanbook(argv, env);
      expect([argv, [0, 1, 2].includes(code ?? 9), /unexpected error|\n {4}at /.exec(stderr)], stderr).toEqual([
        argv,
        true,
        null,
      ]);
      count('processes', 1);
    }
  });
});
