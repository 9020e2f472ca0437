/** The relay begins anew again and again: each activity that is over comes once, behind everything below it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JournalSpans } from '../../exporters/journal-spans.ts';
import type { Activity } from '../../src/model/activity.ts';
import type { Fact } from '../../src/model/fact.ts';
import { applyFact } from '../../src/model/fold.ts';
import { createState, type FoldState } from '../../src/model/state.ts';
import { IdSet } from '../../src/store/relay/sent-ids.ts';
import { BASE_TIME, clientFact, identifiedScriptFact } from '../helpers/arbitrary-facts.ts';
import { appendLines, linesOf } from '../helpers/run-cli.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const MUCH_LATER = BASE_TIME + 1e12;
const resource = resourceFromAttributes({});

function spansOf(stateDir: string, sent: IdSet): ReadableSpan[] {
  const source = new JournalSpans({
    stateDir,
    sent,
    fromSegment: 1,
    resourceOf: () => resource,
    leaves: { isTold: () => true, leavesOf: () => new Map() },
  });
  const all: ReadableSpan[] = [];
  for (let spans = source.next(MUCH_LATER); spans; spans = source.next(MUCH_LATER)) all.push(...spans);
  return all;
}

const idOf = (span: ReadableSpan): string => span.spanContext().spanId;

const whole = (facts: readonly Fact[]): FoldState => {
  const state = createState();
  for (const fact of facts) applyFact(state, fact);
  return state;
};

/** True if it and all below it are over. */
const isOver = (state: FoldState, { end, children }: Activity): boolean =>
  end !== undefined &&
  (children ?? []).every(span => {
    const child = state.activities.get(span);
    return !child || isOver(state, child);
  });

/** Journals hold JSON: half a character and the like do not survive it. */
const throughJson = (facts: readonly Fact[]): Fact[] => facts.map(fact => JSON.parse(JSON.stringify(fact)) as Fact);

const fact = fc.oneof(identifiedScriptFact, clientFact);

it('each activity that is over comes once, wherever the relay was stopped', () => {
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 40 }), fc.array(fc.nat({ max: 40 }), { maxLength: 3 }), (made, cuts) => {
      const facts = throughJson(made);
      const stateDir = mkdtempSync(`${tmpdir()}/spanbook-test-`);
      try {
        mkdirSync(`${stateDir}/journal`);
        const sent = new IdSet();
        const all: ReadableSpan[] = [];
        let from = 0;
        for (const to of [...cuts.sort((a, b) => a - b), facts.length]) {
          appendLines(stateDir, linesOf(facts.slice(from, Math.max(from, to))));
          from = Math.max(from, to);
          for (const span of spansOf(stateDir, sent)) {
            all.push(span);
            sent.add(idOf(span));
          }
        }
        const state = whole(facts);
        const ids = all.map(idOf);
        expect(new Set(ids).size).toBe(ids.length);
        const ended = [...state.activities.values()].filter(({ end }) => end !== undefined);
        const activities = all.filter(span => state.activities.has(idOf(span)));
        expect(ended.map(({ span }) => span)).toEqual(expect.arrayContaining(activities.map(idOf)));
        const over = ended.filter(activity => isOver(state, activity));
        expect(ids).toEqual(expect.arrayContaining(over.map(({ span }) => span)));
        for (const span of all) expect(span.endTime[0] * 1000 + span.endTime[1] / 1e6).toBeGreaterThan(startOf(span));
      } finally {
        rmSync(stateDir, { recursive: true });
      }
    }),
    RUNS,
  );
});

it('in one go, everything below an activity comes before it', () => {
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 40 }), made => {
      const facts = throughJson(made);
      const stateDir = mkdtempSync(`${tmpdir()}/spanbook-test-`);
      try {
        mkdirSync(`${stateDir}/journal`);
        appendLines(stateDir, linesOf(facts));
        const state = whole(facts);
        const order = spansOf(stateDir, new IdSet()).map(idOf);
        for (const [at, span] of order.entries()) {
          for (const child of state.activities.get(span)?.children ?? []) {
            expect(order.indexOf(child)).toBeLessThan(at);
          }
        }
      } finally {
        rmSync(stateDir, { recursive: true });
      }
    }),
    RUNS,
  );
});

const startOf = (span: ReadableSpan): number => span.startTime[0] * 1000 + span.startTime[1] / 1e6;
