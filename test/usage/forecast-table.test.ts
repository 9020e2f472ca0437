/** The table of docs/analysis.md: how often the band held, on histories whose last days were held back. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { forecastCost } from '../../src/usage/forecast.ts';
import { randomOf } from '../helpers/activity-rows.ts';
import { ROOT } from '../helpers/run-program.ts';

const PEOPLE = 200;
const NANO = 1e9;

/** USD of a day. 0 is Monday. */
type Day = (weekday: number, index: number, random: ReturnType<typeof randomOf>) => number;
const working: Day = (weekday, _, { normal }) => (weekday >= 5 ? 1 : 20) * Math.exp(0.6 * normal());

const SORTS: Readonly<Record<string, Day>> = {
  'steady: $20 on working days, little at weekends': working,
  'heavy tails: now and then ten times as much': (weekday, _, { normal }) =>
    (weekday >= 5 ? 1 : 20) * Math.exp(1.2 * normal()),
  'on and off: three days of five': (weekday, index, random) =>
    random.next() < 0.6 ? working(weekday, index, random) : 0,
  'growing by 2 % a day': (weekday, index, random) => working(weekday, index, random) * 1.02 ** index,
};
const SPANS = [
  [14, 5],
  [42, 5],
  [42, 20],
] as const;

/** Percent of people whose period ended within the band, and below and above it. */
function held(dayOf: Day, [history, ahead]: (typeof SPANS)[number]): { inside: number; below: number; above: number } {
  const counts = { inside: 0, below: 0, above: 0 };
  for (let person = 1; person <= PEOPLE; person++) {
    const random = randomOf(7919 * person);
    // Neighbouring seeds begin alike.
    for (let skipped = 0; skipped < 10; skipped++) random.next();
    const days = Array.from({ length: history + ahead }, (_, index) => {
      const cost = NANO * dayOf(index % 7, index, random);
      return { weekday: index % 7, cost, rest: cost / 2 };
    });
    const [past, rest] = [days.slice(0, history), days.slice(history)];
    const forecast = forecastCost({ spent: 0, past, today: null, ahead: rest.map(({ weekday }) => weekday) });
    const end = rest.reduce((sum, { cost }) => sum + cost, 0);
    if (!forecast) throw new Error('no forecast');
    counts[end < forecast.low ? 'below' : end > forecast.high ? 'above' : 'inside']++;
  }
  const percent = (count: number): number => Math.round((100 * count) / PEOPLE);
  return { inside: percent(counts.inside), below: percent(counts.below), above: percent(counts.above) };
}

const page = readFileSync(`${ROOT}docs/analysis.md`, 'utf8');

describe('the band held, as the page says,', () => {
  it.each(Object.keys(SORTS).flatMap(sort => SPANS.map(span => [sort, span] as const)))('%s, %j', (sort, span) => {
    const dayOf = SORTS[sort];
    if (!dayOf) throw new Error(sort);
    const { inside, below, above } = held(dayOf, span);
    const [history, ahead] = span;
    expect(page).toContain(`| ${sort} | ${history} | ${ahead} | ${inside} % | ${below} % | ${above} % |`);
  });
});
