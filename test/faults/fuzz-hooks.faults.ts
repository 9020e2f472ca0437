/** What hooks are given: payloads of the client, and flags of scripts. */
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { clientHookFact } from '../../src/hook/client-hook.ts';
import { hookInputOf } from '../../src/hook/input-piece.ts';
import type { HookResult, HookRun } from '../../src/hook/run-hook.ts';
import { endHook, noteHook, phaseHook, startHook } from '../../src/hook/script-facts.ts';
import { documentSchema } from '../../src/model/document-schema.ts';
import { readWriterSettings } from '../../src/store/read-settings.ts';
import { NOON } from '../helpers/client-facts.ts';
import { recordedCalls } from '../helpers/recorded-session.ts';
import { runHook } from '../helpers/run-program.ts';
import { readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fault, times } from './fault.ts';
import { fuzz } from './fuzz.ts';
import { hostileJson } from './hostile-json.ts';
import { expectValid, foldLines } from './valid-document.ts';

const payload = hostileJson(recordedCalls().map(call => JSON.stringify(call.payload)));

const SILENT = { code: 0, signal: null, stdout: '', stderr: '' };
const run: Omit<HookRun, 'args'> = {
  name: 'test',
  env: {},
  now: NOON,
  isReplay: true,
  settings: readWriterSettings('/nonexistent'),
  complain: () => {},
};

const FLAGS = (
  'command-name agent-name skill-name name phase status level type message severity recovery outputs error error-type ' +
  'intent stage system-name parent-event-id start-event-id state-dir nonsense'
).split(' ');
const VALUES = [
  'start',
  'end',
  'completed',
  'failed',
  'cancelled',
  'error',
  'warning',
  'info',
  '',
  '-',
  '--',
  '--name',
];
const flagText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...VALUES, 'evt-0123456789abcdef', '__proto__', '\ud800', '😀'.repeat(3000)),
  },
  { weight: 2, arbitrary: hostileJson(['{"files_created":10,"list":[1,{"a":null}]}', '{"retry":true}', '"text"']) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);
const flags = fc.array(fc.tuple(fc.constantFrom(...FLAGS), flagText, fc.nat(9)), { maxLength: 6 }).map(given =>
  given.flatMap(([flag, value, form]) => {
    if (form === 0) return [`--${flag}`];
    if (form === 1) return [value];
    return form < 5 ? [`--${flag}=${value}`] : [`--${flag}`, value];
  }),
);

const VERBS: [name: string, verb: (run: HookRun) => HookResult][] = [
  ['command-start', given => startHook(given, 'command', '--command-name')],
  ['command-end', given => endHook(given, 'command', '--command-name')],
  ['pre-agent-spawn', given => startHook(given, 'agent', '--agent-name')],
  ['post-task-completion', given => endHook(given, 'agent', '--agent-name')],
  ['skill-invoke', given => phaseHook(given, 'skill', '--skill-name')],
  ['checkpoint', given => phaseHook(given, 'checkpoint', '--name')],
  ['log-event', noteHook],
];

describe('input', () => {
  fault('payloads of the client', 'what the hook makes of them is taken by the fold, and the document valid', row =>
    fuzz(row, {
      input: payload,
      take(payloads) {
        const facts = payloads.flatMap(text => clientHookFact(hookInputOf(Buffer.from(text)), run) ?? []);
        const lines = facts.map(fact => JSON.stringify(fact));
        expect(foldLines(lines)).toBe(lines.length);
        return facts.filter(({ kind }) => kind !== 'other').length;
      },
    }),
  );

  fault(
    'flags of the hooks for scripts',
    'every call gives a fact that the fold takes, and says what it did not like',
    row =>
      fuzz(row, {
        input: fc.tuple(fc.constantFrom(...VERBS), flags),
        take(calls) {
          let accepted = 0;
          const lines = calls.map(([[, verb], args]) => {
            let complaints = 0;
            const { fact } = verb({ ...run, args, complain: () => complaints++ });
            if (complaints === 0) accepted++;
            return JSON.stringify(fact);
          });
          expect(foldLines(lines)).toBe(lines.length);
          return accepted;
        },
      }),
  );

  fault(
    'real processes of the hooks',
    'exit code 0 within 1.5 s, without a word from that of the client',
    async ({ count }) => {
      const stateDir = tempDir();
      const env = { SPANBOOK_STATE_DIR: stateDir };
      const inputs = fc.sample(payload, times(30, 1000));
      const calls = fc.sample(fc.tuple(fc.constantFrom(...VERBS), flags), times(30, 1000));
      for (const input of inputs) {
        const began = performance.now();
        expect(await runHook('claude-code', { input, env }), input).toEqual(SILENT);
        expect(performance.now() - began, input).toBeLessThan(1500);
      }
      for (const [[name], given] of calls) {
        // The system takes no argument with a zero byte, and the flag would lead elsewhere.
        const args = given.filter(arg => !arg.includes('\0') && !arg.startsWith('--state-dir'));
        const began = performance.now();
        const { code, signal, stderr } = await runHook(name, { args, env });
        expect({ name, args, code, signal }, stderr).toEqual({ name, args, code: 0, signal: null });
        expect(performance.now() - began).toBeLessThan(1500);
      }
      expectValid(documentSchema, readDocument(stateDir));
      expect(readDocument(stateDir).statistics.total_events).toBeGreaterThan(calls.length / 2);
      count('processes', inputs.length + calls.length);
    },
  );
});
