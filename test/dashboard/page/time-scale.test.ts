import { describe, expect, it } from 'vitest';
import { panned, placeOf, ticksOf, timeAt, within, zoomed } from '../../../src/dashboard/page/run/time-scale.ts';

const whole = { from: 1000, to: 11_000 };

describe('a time scale', () => {
  it('finds places for times and times for places', () => {
    expect(placeOf(6000, whole, 500)).toBe(250);
    expect(timeAt(250, whole, 500)).toBe(6000);
    expect(placeOf(5, { from: 5, to: 5 }, 500)).toBe(0);
    expect(timeAt(5, whole, 0)).toBe(1000);
  });

  it('keeps the time under the pointer where it is', () => {
    const next = zoomed(whole, { factor: 0.5, anchor: 3000, whole });
    expect(next).toEqual({ from: 2000, to: 7000 });
    expect(placeOf(3000, next, 500)).toBe(placeOf(3000, whole, 500));
  });

  it.each([
    ['out, no further than the whole', zoomed({ from: 2000, to: 4000 }, { factor: 100, anchor: 3000, whole }), whole],
    [
      'in, no nearer than two milliseconds',
      zoomed(whole, { factor: 0, anchor: 1000, whole }),
      { from: 1000, to: 1002 },
    ],
    ['sideways, up to the end', panned({ from: 2000, to: 4000 }, 99_000, whole), { from: 9000, to: 11_000 }],
    ['sideways, up to the start', panned({ from: 2000, to: 4000 }, -99_000, whole), { from: 1000, to: 3000 }],
    ['into a whole that is shorter', within({ from: 0, to: 50_000 }, whole), whole],
  ])('goes %s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('ticksOf', () => {
  it.each([
    [{ from: 0, to: 10_000 }, ['0', '2s', '4s', '6s', '8s', '10s']],
    [{ from: 0, to: 50 }, ['0', '10ms', '20ms', '30ms', '40ms', '50ms']],
    [{ from: 61_000, to: 61_500 }, ['61.0s', '61.1s', '61.2s', '61.3s', '61.4s', '61.5s']],
    [{ from: 0, to: 7_200_000 }, ['0', '30m 00s', '1h 00m', '1h 30m', '2h 00m']],
  ])('%o', (shown, labels) => {
    expect(ticksOf(shown, { start: 0, width: 540 }).map(({ label }) => label)).toEqual(labels);
  });

  it('counts from the start of the run', () => {
    const [first] = ticksOf({ from: 1500, to: 11_500 }, { start: 1000, width: 540 });
    expect(first).toEqual({ at: 3000, label: '2s' });
  });

  it('has never very many, however long a run is', () => {
    for (const length of [3, 1e3, 1e6, 1e9, 1e12]) {
      expect(ticksOf({ from: 0, to: length }, { start: 0, width: 800 }).length).toBeLessThan(12);
    }
  });
});
