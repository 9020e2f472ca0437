/** Random billed requests with texts that break naive writers of JSON, and random copies of one request. */
import fc from 'fast-check';
import { ATTRIBUTED, type BilledRequest, METHODS } from '../../src/usage/billed-request.ts';
import { awkwardName } from './arbitrary-facts.ts';
import { NOON } from './client-facts.ts';

/** Also what looks like the parts of a line, inside of a text. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: awkwardName },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ',"o":',
      '","o":{"src":0',
      '{"id":"',
      '"span":"0123456789abcdef"',
      '\\',
      '"}',
      '\n',
      '\r\n',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
);

const count = fc.oneof(fc.nat(1000), fc.constantFrom(0, 2 ** 31, Number.MAX_SAFE_INTEGER));
const orNull = fc.option(hostileText, { nil: null });
const spanId = fc.constantFrom('0123456789abcdef', 'fedcba9876543210');

export const tokens = (number: fc.Arbitrary<number> = count): fc.Arbitrary<BilledRequest['tokens']> =>
  fc.record({ input: number, cache_read: number, cache_write_5m: number, cache_write_1h: number, output: number });

const methods: fc.Arbitrary<BilledRequest['methods']> = fc
  .record(Object.fromEntries(ATTRIBUTED.map(key => [key, fc.constantFrom(...METHODS)])))
  .map(all => Object.fromEntries(Object.entries(all).filter(([, method]) => method !== 'exact')));

/** Any request. `parts`: what is to be of another kind. */
export const billedRequest = (parts: { [K in keyof BilledRequest]?: fc.Arbitrary<BilledRequest[K]> } = {}) =>
  fc.record<BilledRequest>({
    id: hostileText,
    source: fc.constantFrom('transcript' as const, 'otlp' as const, 'span' as const),
    at: fc.integer({ min: -1e6, max: 1e9 }).map(millis => NOON + millis),
    model: hostileText,
    tokens: tokens(),
    isFinal: fc.boolean(),
    isFast: fc.boolean(),
    geo: fc.option(hostileText, { nil: undefined }),
    webSearches: fc.nat(3),
    owner: fc.record({
      session: orNull,
      project: orNull,
      branch: orNull,
      stage: orNull,
      command: orNull,
      agent: orNull,
      instance: orNull,
      skill: orNull,
    }),
    span: fc.option(spanId, { nil: null }),
    methods,
    ...parts,
  });

/** Copies of one request, which differ in little, and so are often alike in what decides. */
export const copiesOfOne: fc.Arbitrary<BilledRequest[]> = fc.array(
  billedRequest({
    id: fc.constant('msg:req'),
    source: fc.constantFrom('transcript' as const, 'otlp' as const),
    at: fc.nat(2).map(millis => NOON + millis),
    model: fc.constantFrom('a', 'b'),
    tokens: tokens(fc.nat(1)),
    geo: fc.constantFrom(undefined, 'us'),
    webSearches: fc.nat(1),
  }),
  { minLength: 1, maxLength: 6 },
);
