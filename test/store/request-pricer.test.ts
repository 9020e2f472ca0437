import { copyFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RequestFact } from '../../src/model/fact.ts';
import { RequestPricer } from '../../src/store/request-pricer.ts';
import { PACKAGED_PRICES } from '../helpers/prices.ts';
import { makeFolder } from '../helpers/run-cli.ts';

const request = (overrides: Partial<RequestFact> = {}): RequestFact => ({
  v: 1,
  at: Date.parse('2026-11-22T12:00:00Z'),
  kind: 'request',
  source: 'span',
  id: 'a'.repeat(16),
  parent: null,
  model: 'claude-opus-5',
  tokens: { input: 1, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 },
  ...overrides,
});

function makePricer(packaged = PACKAGED_PRICES) {
  const stateDir = makeFolder();
  const errors: string[] = [];
  const counter = { reads: 0 };
  const packagedPath = () => {
    counter.reads++;
    return packaged;
  };
  const pricer = new RequestPricer({ stateDir, packagedPath, onError: message => errors.push(message) });
  return { pricer, own: `${stateDir}/usage_pricing.json`, errors, counter };
}

it('prices by the prices of the package, which it reads once', () => {
  const { pricer, counter, errors } = makePricer();
  expect(counter.reads).toBe(0);
  expect(pricer.costOf(request())).toBe(5000);
  expect(pricer.costOf(request({ web_searches: 1 }))).toBe(10_005_000);
  expect(pricer.costOf(request({ model: 'nobody-knows-it' }))).toBeUndefined();
  expect([counter.reads, errors]).toEqual([1, []]);
});

it('prices a fast answer and a place of inference as the price table does', () => {
  const { pricer, own } = makePricer();
  const entry = { input: 0.001, output: 0, fast_multiplier: 2, geo_multipliers: { us: 1.5 } };
  writeFileSync(own, JSON.stringify({ models: { m: entry } }));
  expect(pricer.costOf(request({ model: 'm' }))).toBe(1000);
  expect(pricer.costOf(request({ model: 'm', fast: true }))).toBe(2000);
  expect(pricer.costOf(request({ model: 'm', fast: true, geo: 'us' }))).toBe(3000);
});

it('takes prices of the state folder as soon as they are there, are others, or are gone', () => {
  const { pricer, own } = makePricer();
  const write = (input: number, at: number): void => {
    writeFileSync(own, JSON.stringify({ models: { 'claude-opus-5': { input, output: 0 } } }));
    utimesSync(own, at, at);
  };
  expect(pricer.costOf(request())).toBe(5000);
  write(0.001, 1000);
  expect(pricer.costOf(request())).toBe(1000);
  // Of the same size.
  write(0.002, 2000);
  expect(pricer.costOf(request())).toBe(2000);
  rmSync(own);
  expect(pricer.costOf(request())).toBe(5000);
});

it('leaves unpriced what the state folder gives a wrong price, and all of it if the file is none', () => {
  const { pricer, own, errors } = makePricer();
  writeFileSync(own, JSON.stringify({ models: { 'claude-opus-5': { input: 'much' } } }));
  expect(pricer.costOf(request())).toBeUndefined();
  expect(pricer.costOf(request({ model: 'claude-haiku-4-5' }))).toBe(1000);
  writeFileSync(own, '{');
  expect(() => pricer.costOf(request())).not.toThrow();
  expect(errors).toEqual([]);
});

it('says once that the prices of the package are missing, prices nothing, and never throws', () => {
  const { pricer, own, errors } = makePricer('/nonexistent/usage_pricing.json');
  expect(pricer.costOf(request())).toBeUndefined();
  expect(pricer.costOf(request())).toBeUndefined();
  expect(errors).toEqual([
    expect.stringMatching(/^spanbook: no request has a price: \/nonexistent\/.*install spanbook/),
  ]);
  copyFileSync(PACKAGED_PRICES, own);
  pricer.costOf(request());
  expect(errors).toHaveLength(2);
});

it('prices nothing where the package cannot be found', () => {
  const errors: string[] = [];
  const pricer = new RequestPricer({
    stateDir: makeFolder(),
    packagedPath: () => {
      throw new Error('no such package');
    },
    onError: message => errors.push(message),
  });
  expect(pricer.costOf(request())).toBeUndefined();
  expect(errors).toEqual(['spanbook: no request has a price: no such package']);
});
