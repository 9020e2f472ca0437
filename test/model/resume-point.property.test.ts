/** A document that was resumed is the document that a whole fold would have given, byte for byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { applyFact } from '../../src/model/fold.ts';
import { DocumentRenderer, eventsOf } from '../../src/model/render-document.ts';
import { resumeFrom, resumePointOf } from '../../src/model/resume-point.ts';
import { createState, type FoldState } from '../../src/model/state.ts';
import { anonymousFact, clientFact, identifiedScriptFact } from '../helpers/arbitrary-facts.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };

const whole = (facts: readonly Fact[]): FoldState => {
  const state = createState();
  for (const fact of facts) applyFact(state, fact);
  return state;
};

interface Outcome {
  document: Buffer;
  /** How often a fact changed what had been written. */
  foldedAnew: number;
}

/** Folds as hooks do: after each cut another process goes on from the document and its point. */
function throughHooks(facts: readonly Fact[], cuts: ReadonlySet<number>): Outcome {
  let state = createState();
  let renderer = new DocumentRenderer();
  let ids = '';
  let foldedAnew = 0;
  const render = (upTo: number): Buffer => {
    if (ids !== '' && state.reachesBack) {
      foldedAnew++;
      state = whole(facts.slice(0, upTo));
      renderer = new DocumentRenderer();
      ids = '';
    }
    return Buffer.concat(renderer.render(state, []));
  };
  for (const [index, fact] of facts.entries()) {
    if (cuts.has(index)) {
      const document = render(index);
      const point = JSON.parse(JSON.stringify(resumePointOf(state, [], ids))) as ReturnType<typeof resumePointOf>;
      state = resumeFrom(point);
      renderer = new DocumentRenderer(eventsOf(document) ?? undefined);
      ids = point.ids === '' ? ',none' : point.ids;
    }
    applyFact(state, fact);
  }
  return { document: render(facts.length), foldedAnew };
}

const wholeDocument = (facts: readonly Fact[]): string =>
  Buffer.concat(new DocumentRenderer().render(whole(facts), [])).toString('utf8');

describe('a resume point', () => {
  it.each([
    ['spans and scripts', fc.oneof({ weight: 5, arbitrary: identifiedScriptFact }, anonymousFact)],
    ['Claude Code', clientFact],
    ['all together', fc.oneof(identifiedScriptFact, anonymousFact, clientFact)],
  ])('gives the bytes of a whole fold for facts of %s', (_who, fact) => {
    const input = fc.record({
      facts: fc.array(fact, { maxLength: 40, size: 'max' }),
      cuts: fc.uniqueArray(fc.nat(40), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(input, ({ facts, cuts }) => {
        expect(throughHooks(facts, new Set(cuts)).document.toString('utf8')).toBe(wholeDocument(facts));
      }),
      RUNS,
    );
  });

  it('is enough for every hook of the recorded session but the few that change what was written', () => {
    const facts = recordedFacts();
    const { document, foldedAnew } = throughHooks(facts, new Set(facts.keys()));
    expect(document.toString('utf8')).toBe(wholeDocument(facts));
    expect(foldedAnew).toBeLessThanOrEqual(4);
  });
});
