/** What counts of all that was told of a request, in whatever order and however often. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BilledRequest } from '../../src/usage/billed-request.ts';
import { isSameRequest, mergeRequests, requestOfTellings } from '../../src/usage/merge-requests.ts';
import { copiesOfOne } from '../helpers/arbitrary-requests.ts';

const options = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) };
const shuffled = copiesOfOne.chain(copies =>
  fc.tuple(fc.constant(copies), fc.shuffledSubarray(copies, { minLength: copies.length })),
);

/** All but what it belongs to, which is told first. */
const usageOf = (request: BilledRequest | null) => {
  const { at, model, tokens, isFinal, isFast, geo, webSearches, source } = request ?? ({} as BilledRequest);
  return { at, model, tokens, isFinal, isFast, geo, webSearches, source };
};
const total = ({ tokens }: BilledRequest): number => Object.values(tokens).reduce((sum, count) => sum + count, 0);

describe('of all tellings of a request', () => {
  it('the usage is the same in every order', () => {
    fc.assert(
      fc.property(shuffled, ([copies, others]) => {
        expect(usageOf(requestOfTellings(others))).toEqual(usageOf(requestOfTellings(copies)));
      }),
      options,
    );
  });

  it('none counts twice', () => {
    fc.assert(
      fc.property(copiesOfOne, fc.nat(), (copies, index) => {
        const once = requestOfTellings(copies);
        const again = copies[index % copies.length] as BilledRequest;
        expect(requestOfTellings([...copies, again])).toEqual(once);
        const kept = copies.filter(({ source }) => source !== 'otlp').reduce<BilledRequest | null>(merged, null);
        if (kept && again.source !== 'otlp') expect(mergeRequests(kept, again)).toBe(kept);
      }),
      options,
    );
  });

  it('they may be merged one by one or in parts', () => {
    const some = copiesOfOne.map(copies => copies.map(copy => ({ ...copy, source: 'transcript' as const })));
    fc.assert(
      fc.property(some, fc.nat(6), (copies, cut) => {
        const parts = [copies.slice(0, cut), copies.slice(cut)].map(part =>
          part.reduce<BilledRequest | null>(merged, null),
        );
        const whole = requestOfTellings(parts.filter(part => part !== null));
        expect(whole).toEqual(requestOfTellings(copies));
      }),
      options,
    );
  });

  it('a finished one counts, and of these one with the most tokens, as a whole', () => {
    fc.assert(
      fc.property(copiesOfOne, copies => {
        const counted = requestOfTellings(copies) as BilledRequest;
        const own = copies.filter(({ source }) => source !== 'otlp');
        expect(counted.isFinal).toBe(copies.some(({ isFinal }) => isFinal));
        if (own.length === 0 || !own.some(({ isFinal }) => isFinal)) return;
        const finished = own.filter(({ isFinal }) => isFinal);
        expect(total(counted)).toBe(Math.max(...finished.map(total)));
        expect(finished.some(copy => isSameRequest({ ...copy, ...ownerOf(counted) }, counted))).toBe(true);
      }),
      options,
    );
  });

  it('the first that knows the command says what it belongs to, and transcripts before OTLP', () => {
    fc.assert(
      fc.property(copiesOfOne, copies => {
        const own = copies.filter(({ source }) => source !== 'otlp');
        const asked = own.length > 0 ? own : copies;
        const first = asked.find(({ owner }) => owner.command !== null) ?? asked[0];
        expect(requestOfTellings(copies)?.owner).toEqual(first?.owner);
      }),
      options,
    );
  });
});

describe('OTLP', () => {
  const base = copiesOfOne.map(([copy]) => copy as BilledRequest);

  it('mends the output of what the transcript never finished, and keeps how its cache was written', () => {
    fc.assert(
      fc.property(base, request => {
        const written = { cache_write_5m: 100, cache_write_1h: 900 };
        const copy: BilledRequest = {
          ...request,
          source: 'transcript',
          isFinal: false,
          tokens: { ...request.tokens, ...written },
        };
        const tokens = { ...request.tokens, cache_write_5m: 1000, cache_write_1h: 0, output: 77 };
        const told: BilledRequest = { ...request, source: 'otlp', isFinal: true, tokens };
        const counted = requestOfTellings([told, copy]);
        expect(counted).toMatchObject({ source: 'transcript', isFinal: true, tokens: { ...written, output: 77 } });
      }),
      options,
    );
  });

  it('adds nothing to what the transcript has finished', () => {
    fc.assert(
      fc.property(base, base, (one, other) => {
        const copy: BilledRequest = { ...one, source: 'transcript', isFinal: true };
        expect(requestOfTellings([{ ...other, source: 'otlp' }, copy])).toBe(copy);
      }),
      options,
    );
  });
});

const merged = (kept: BilledRequest | null, copy: BilledRequest): BilledRequest =>
  kept ? mergeRequests(kept, copy) : copy;
const ownerOf = ({ owner, span, methods, id, source }: BilledRequest) => ({ owner, span, methods, id, source });
