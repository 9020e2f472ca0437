/** Whatever is pruned, whenever, and wherever it is killed: the ledger counts the same, and nothing twice. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { appendLedger } from '../../src/store/ledger.ts';
import { pruneLedger } from '../../src/store/prune-ledger.ts';
import { type BilledRequest, METHODS, type RequestSource } from '../../src/usage/billed-request.ts';
import { fromLedgerLine, toLedgerLine } from '../../src/usage/ledger-line.ts';
import { countLedger, ledgerLines, RULES, writeLedger } from '../helpers/ledger.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const DAY = 86_400_000;

const name = fc.option(fc.constantFrom('a', 'b', '(main)', 'ä"\\'), { nil: null });
const count = fc.nat({ max: 5000 });
const method = fc.constantFrom(...METHODS);
/**
 * Few of them, so that requests are told of more than once, by both sources, in more than one segment. An id of a
 * request belongs to one message: nobody could say to which of two OTLP's telling belongs.
 */
const id = fc.oneof(
  fc.nat(8).map(n => `msg_${n}:req_${n}`),
  fc.nat(8).map(n => `otlp:req_${n}`),
  fc.nat(2).map(n => `msg_1${n}`),
  fc.nat(2).map(n => `msg_${n}:req_${n}#1`),
  fc.constantFrom('msg_20:req_20', '00f067aa0ba902b7', 'msg "quoted":req'),
);
const sourceOf = (of: string): RequestSource =>
  of.startsWith('otlp:') ? 'otlp' : of.startsWith('msg') ? 'transcript' : 'span';

const request: fc.Arbitrary<BilledRequest> = fc
  .record({
    id,
    at: fc.integer({ min: NOW - 20 * DAY, max: NOW }),
    model: fc.constantFrom('claude-haiku-4-5', 'claude-opus-5', 'claude-haiku-5-5', 'mystery-9'),
    tokens: fc.record({ input: count, cache_read: count, cache_write_5m: count, cache_write_1h: count, output: count }),
    isFinal: fc.boolean(),
    isFast: fc.boolean(),
    geo: fc.constantFrom(undefined, 'us'),
    webSearches: fc.nat(2),
    owner: fc.record({
      session: name,
      project: name,
      branch: name,
      stage: name,
      command: name,
      agent: name,
      instance: name,
      skill: name,
    }),
    span: fc.constantFrom(null, '00f067aa0ba902b7'),
    methods: fc.record({ stage: method, command: method, agent: method, skill: method }, { requiredKeys: [] }),
  })
  .map(made => ({ ...made, source: sourceOf(made.id) }));

const line = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(request, fc.boolean()).map(([made, hasPrompt]) => lineOf(made, hasPrompt)) },
  { weight: 1, arbitrary: fc.constantFrom('{"id":"torn', '{"later":1,"o":{"src":0}}', '�') },
);
const lineOf = (made: BilledRequest, hasPrompt: boolean): string =>
  toLedgerLine(made, hasPrompt && made.source === 'otlp' ? { prompt: 'p1', costMicros: 7 } : {});
const ledger = fc.array(fc.array(line, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
const cut = fc.integer({ min: -DAY, max: 22 * DAY }).map(age => NOW - age);

class Killed extends Error {}

/** Prunes until so many steps are done; false if it was killed there. */
function prune(stateDir: string, before: number, steps = Number.POSITIVE_INFINITY): boolean {
  let left = steps;
  try {
    pruneLedger({
      stateDir,
      before,
      now: NOW,
      rules: RULES,
      isDryRun: false,
      onStep: () => {
        if (--left === 0) throw new Killed();
      },
    });
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

function stateWith(segments: readonly (readonly string[])[]): string {
  const stateDir = tempDir();
  writeLedger(stateDir, segments);
  return stateDir;
}

it('what is counted stays the same, also when all is told once more', () => {
  fc.assert(
    fc.property(ledger, cut, cut, (segments, first, second) => {
      const stateDir = stateWith(segments);
      const before = countLedger(stateDir);
      prune(stateDir, first);
      expect(countLedger(stateDir)).toEqual(before);
      appendLedger(stateDir, segments.flat().join('\n').concat('\n'));
      expect(countLedger(stateDir)).toEqual(before);
      prune(stateDir, second);
      expect(countLedger(stateDir)).toEqual(before);
    }),
  );
});

it('wherever it is killed, what is counted is right, and the next one does the rest', () => {
  fc.assert(
    fc.property(ledger, cut, fc.integer({ min: 1, max: 9 }), (segments, at, steps) => {
      const [killed, whole] = [stateWith(segments), stateWith(segments)];
      const before = countLedger(killed);
      prune(whole, at);
      const isDone = prune(killed, at, steps);
      expect(countLedger(killed)).toEqual(before);
      if (!isDone) prune(killed, at);
      expect(countLedger(killed)).toEqual(before);
      const requests = (stateDir: string): string[] => ledgerLines(stateDir).filter(fromLedgerLine).sort();
      expect(requests(killed)).toEqual(requests(whole));
    }),
  );
});

it('all that is old goes, unless its command may still be found', () => {
  fc.assert(
    fc.property(ledger, cut, (segments, at) => {
      const stateDir = stateWith(segments);
      prune(stateDir, at);
      const left = ledgerLines(stateDir).flatMap(text => fromLedgerLine(text) ?? []);
      for (const entry of left) {
        const about = left.filter(other => keyOf(other.request.id) === keyOf(entry.request.id));
        // The prompt may stand in one telling, and the time that counts in another.
        const mayBeFound =
          about.some(({ prompt }) => prompt !== undefined) && about.some(({ request }) => request.at >= NOW - 7 * DAY);
        expect(about.some(({ request: told }) => told.at >= at) || mayBeFound).toBe(true);
      }
    }),
  );
});

const keyOf = (of: string): string => (of.includes('#') ? of : of.slice(of.indexOf(':') + 1));
