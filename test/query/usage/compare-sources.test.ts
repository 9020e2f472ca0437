/** Transcripts held against OTLP: every cause by which they may differ, and nothing where they do not. */
import { describe, expect, it } from 'vitest';
import { compareSources } from '../../../src/query/usage/compare-sources.ts';
import type { BilledRequest } from '../../../src/usage/billed-request.ts';
import { requestOfTellings } from '../../../src/usage/merge-requests.ts';
import type { RequestTellings } from '../../../src/usage/request-tellings.ts';
import { RULES } from '../../helpers/ledger.ts';
import { HAIKU } from '../../helpers/write-transcripts.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const HOUR = 3_600_000;

const billed = (id: string, more: Partial<BilledRequest> = {}): BilledRequest => ({
  id,
  source: id.startsWith('otlp:') ? 'otlp' : 'transcript',
  at: NOW - HOUR,
  model: HAIKU,
  tokens: { input: 100, cache_read: 0, cache_write_5m: 0, cache_write_1h: 50, output: 20 },
  isFinal: true,
  isFast: false,
  webSearches: 0,
  owner: {
    session: 's1',
    project: null,
    branch: null,
    stage: null,
    command: 'prompt',
    agent: '(main)',
    instance: null,
    skill: '(none)',
  },
  span: null,
  methods: {},
  ...more,
});
/** OTLP does not split what was written to the cache. */
const UNSPLIT = { input: 100, cache_read: 0, cache_write_5m: 50, cache_write_1h: 0, output: 20 };

interface Told {
  transcript?: Partial<BilledRequest>;
  otlp?: Partial<BilledRequest>;
  clientCost?: number;
}

function told(number: number, { transcript, otlp, clientCost }: Told): RequestTellings {
  const bySource: RequestTellings['bySource'] = {};
  if (transcript) bySource.transcript = billed(`msg_${number}:req_${number}`, transcript);
  if (otlp) bySource.otlp = billed(`otlp:req_${number}`, { tokens: UNSPLIT, ...otlp });
  const counted = requestOfTellings(Object.values(bySource));
  if (!counted) throw new Error('expected a source');
  return { counted, bySource, clientCost: clientCost ?? null };
}
const both: Told = { transcript: {}, otlp: {} };
const compare = (...all: Told[]) =>
  compareSources(
    all.map((one, number) => told(number, one)),
    { costOf: request => RULES.costOf(request), now: NOW },
  );
const kinds = (...all: Told[]) => compare(...all).map(({ kind }) => kind);

describe('compareSources', () => {
  it('finds nothing where both tell the same, and where one alone tells of a session', () => {
    expect(kinds(both, both)).toEqual([]);
    expect(kinds({ transcript: {} }, { transcript: { isFinal: false } })).toEqual([]);
  });

  it('takes from the transcript what OTLP cannot tell', () => {
    expect(kinds({ transcript: { webSearches: 2, geo: 'us' }, otlp: {} })).toEqual([]);
  });

  it('says what a transcript never got, and how much that was', () => {
    const tokens = { input: 100, cache_read: 0, cache_write_5m: 0, cache_write_1h: 50, output: 1 };
    const [difference, ...more] = compare({ transcript: { isFinal: false, tokens }, otlp: {} });
    expect(more).toEqual([]);
    expect(difference).toMatchObject({
      kind: 'incomplete',
      session: 's1',
      request: 'msg_0:req_0',
      model: HAIKU,
      transcript: { output: 1 },
      otlp: { output: 20, cache_write: 50 },
      difference: { input: 0, output: 19, cache_read: 0, cache_write: 0, cost: 95_000 },
    });
    expect(kinds({ transcript: { isFinal: false }, otlp: {} })).toEqual([]);
  });

  it.each<[string, Told]>([
    ['tokens', { transcript: {}, otlp: { tokens: { ...UNSPLIT, input: 101 } } }],
    ['model', { transcript: {}, otlp: { model: 'claude-opus-5' } }],
    ['terms', { transcript: {}, otlp: { isFast: true } }],
    ['client_price', { ...both, clientCost: 1 }],
    ['unpriced', { transcript: { model: 'mystery-9' }, otlp: { model: 'mystery-9' }, clientCost: 5000 }],
  ])('calls what both tell in another way %s', (kind, one) => {
    expect(kinds(one)).toEqual([kind]);
  });

  it('takes one model for another way to name it, and rounding for none', () => {
    expect(kinds({ transcript: {}, otlp: { model: `${HAIKU}-20251001[1m]` } })).toEqual([]);
    const cost = RULES.costOf(billed('a')) ?? 0;
    expect(kinds({ ...both, clientCost: cost - 1000 })).toEqual([]);
  });

  it.each<[string, Told]>([
    ['auxiliary', { otlp: { methods: { agent: 'inherited' } } }],
    ['not_in_transcript', { otlp: {} }],
    ['pending', { otlp: { at: NOW - 59_000 } }],
    ['no_transcript', { otlp: { owner: { ...billed('a').owner, session: 'other' } } }],
    ['no_transcript', { otlp: { owner: { ...billed('a').owner, session: null } } }],
  ])('calls what OTLP alone tells %s', (kind, one) => {
    const [difference] = compare(both, one).filter(({ request }) => request === 'otlp:req_1');
    expect(difference).toMatchObject({ kind, difference: { input: 100, output: 20, cache_write: 50 } });
  });

  it.each<[string, Told]>([
    ['before_receiver', { transcript: { at: NOW - 2 * HOUR } }],
    ['after_receiver', { transcript: { at: NOW - HOUR / 4 } }],
    ['lost', { transcript: { at: NOW - HOUR + 1 } }],
    ['part', { transcript: { id: 'msg_1:req_1#1' } }],
    ['pending', { transcript: { at: NOW - 1 } }],
  ])('calls what a transcript alone tells %s, if OTLP told of the session', (kind, one) => {
    const found = compare(both, { otlp: { at: NOW - HOUR / 2 }, transcript: { at: NOW - HOUR / 2 } }, one);
    expect(found).toMatchObject([{ kind, difference: { input: -100, output: -20, cache_write: -50 } }]);
  });

  it('finds what both told without an id in common', () => {
    const proxied = { transcript: { id: 'msg_9' } };
    expect(kinds(both, proxied, { otlp: { id: 'otlp:client-9', at: NOW - HOUR + 5000 } })).toEqual(['unjoined']);
    expect(kinds(both, proxied, { otlp: { id: 'otlp:client-9', at: NOW - HOUR + 65_000 } })).toEqual([
      'lost',
      'not_in_transcript',
    ]);
  });

  it('compares no requests of programs', () => {
    const span = { counted: billed('00f067aa0ba902b7', { source: 'span' }), bySource: {}, clientCost: null };
    expect(compareSources([told(1, both), span], { costOf: () => 0, now: NOW })).toEqual([]);
  });
});
