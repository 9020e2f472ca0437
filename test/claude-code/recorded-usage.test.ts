/** The recorded session: its tokens and its cost as the client itself knew them. The owners are counted by hand. */
import { cpSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { usageBreakdown } from '../../src/query/usage/usage-breakdown.ts';
import { readUsage } from '../../src/read-usage-now.ts';
import { readDocument as foldDocument } from '../../src/store/read-document.ts';
import { fromLedgerLine } from '../../src/usage/ledger-line.ts';
import { PACKAGED_PRICES } from '../helpers/prices.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { makeFolder, makeState, RECORDED_END } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';
import { readDocument } from '../helpers/state-folder.ts';
import { ownersOf, requestsBy, sums, sumsOf } from '../helpers/usage-cases.ts';

interface Recorded {
  id: string;
  at: string;
  usage: Record<string, number> & { cache_creation: Record<string, number> };
}

const recorded = readFileSync(`${ROOT}test/fixtures/recorded-requests.jsonl`, 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Recorded);

const read = (stateDir: string, claudeDir = `${ROOT}examples/recorded-session`) =>
  readUsage({ stateDir, claudeDirs: [claudeDir], now: RECORDED_END, pricingPath: PACKAGED_PRICES, say: () => {} });

const requestsIn = (stateDir: string) =>
  readFileSync(`${stateDir}/usage/requests-00000001.jsonl`, 'utf8')
    .split('\n')
    .flatMap(line => fromLedgerLine(line)?.request ?? []);

/** Nano-dollars by the name of a dimension. */
const costBy = (dimension: 'command' | 'agent' | 'skill' | 'model'): Record<string, number> => {
  const { rows } = usageBreakdown(read(makeFolder()).view, [dimension]);
  return Object.fromEntries(rows.filter(({ requests }) => requests > 0).map(({ key, cost }) => [key ?? '?', cost]));
};

describe('the recorded session', () => {
  it('has the tokens of every request, each once', () => {
    const stateDir = makeFolder();
    read(stateDir);
    const told = requestsIn(stateDir).map(({ id, tokens, isFinal }) => ({ id: id.split(':')[0], tokens, isFinal }));
    expect(told.sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? -1 : 1))).toEqual(
      recorded.map(({ id, usage }) => ({
        id,
        isFinal: true,
        tokens: {
          input: usage.input_tokens,
          cache_read: usage.cache_read_input_tokens,
          cache_write_5m: usage.cache_creation.ephemeral_5m_input_tokens,
          cache_write_1h: usage.cache_creation.ephemeral_1h_input_tokens,
          output: usage.output_tokens,
        },
      })),
    );
  });

  it('has the totals that a person adds up', () => {
    expect(sumsOf(read(makeFolder()).view)).toEqual(
      sums({ requests: 15, input: 15_120, cache_read: 45_000, cache_write_5m: 3000, output: 870, cost: 0.08316 }),
    );
  });

  it('costs what the client says of each run, to the nano-dollar', () => {
    expect(costBy('command')).toEqual({ '/simple': 0.032778, '/fanout': 0.044712, prompt: 0.00567 });
  });

  it('belongs to what a person would say', () => {
    const { view } = read(makeFolder());
    expect(ownersOf(view)).toEqual({
      // The two that call the builder and the skill; after that the skill is at work.
      '/simple | (main) | (none)': 2,
      '/simple | builder | (none)': 2,
      '/simple | (main) | prototype-builder': 2,
      '/fanout | (main) | (none)': 2,
      '/fanout | builder | (none)': 3,
      '/fanout | tester | (none)': 3,
      'prompt | (main) | (none)': 1,
    });
    expect(requestsBy(view, 'instance')).toEqual({
      '?': 7,
      a6813471a309ec7a6: 2,
      a54101326a19ccbd8: 2,
      a5036fe6fb2f8ede9: 3,
      a212002545863f6d8: 1,
    });
    expect(requestsBy(view, 'model', 'project', 'branch', 'session')).toEqual({
      'claude-sonnet-4-5-20250929 | /home/dev/shop | master | fe0a3f5c-4c52-4589-b1df-2d0604705b1b': 15,
    });
  });

  it('costs by agent, skill and model what a person adds up', () => {
    // By hand: 3 per million of input, 0.30 of cache reads, 3.75 of cache writes, 15 of output.
    expect(costBy('agent')).toEqual({ '(main)': 0.038736, builder: 0.027648, tester: 0.016776 });
    expect(costBy('skill')).toEqual({ '(none)': 0.072162, 'prototype-builder': 0.010998 });
    expect(costBy('model')).toEqual({ 'claude-sonnet-4-5-20250929': 0.08316 });
  });

  it('hangs every request on an activity that the hooks told of', () => {
    const stateDir = makeState(recordedFacts());
    foldDocument(stateDir, () => {});
    read(stateDir);
    const spans = readDocument(stateDir).events.map(({ trace }) => trace.span_id);
    const requests = requestsIn(stateDir);
    expect(requests.length).toBe(15);
    for (const { span } of requests) expect(spans).toContain(span);
  });

  it('counts the same from a copy elsewhere, and not twice', () => {
    const stateDir = makeFolder();
    read(stateDir);
    const copy = makeFolder();
    cpSync(`${ROOT}examples/recorded-session`, copy, { recursive: true });
    const { view, news } = read(stateDir, copy);
    expect([news?.requests, sumsOf(view).cost]).toEqual([0, 0.08316]);
  });
});
