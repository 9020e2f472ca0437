/** What of the benchmarks can be wrong without anybody seeing it: the arithmetic, the verdicts, the command line. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { judge, NO_PLAN } from '../../bench/judge.mjs';
import { readOptions } from '../../bench/options.mjs';
import { growthRow, type Row, ratioRow } from '../../bench/rows.mjs';
import { shown } from '../../bench/shown.mjs';
import { median, quartiles, ratios, slope } from '../../bench/statistics.mjs';
import { asMarkdown, asText, sectionsOf } from '../../bench/table.mjs';
import { ROOT } from '../helpers/run-program.ts';

const row = (changes: Partial<Row>): Row => ({ what: 'ours', samples: [1], unit: 'x', ...changes });

describe('the arithmetic', () => {
  it.each([
    [[3, 1, 2], 2, [1.5, 2.5]],
    [[4, 1, 3, 2], 2.5, [1.75, 3.25]],
    [[10, 9, 100, 1, 2], 9, [2, 10]],
    [[7], 7, [7, 7]],
  ])('of %j finds the median and the middle half', (values, middle, range) => {
    const before = [...values];
    expect(median(values)).toBe(middle);
    expect(quartiles(values)).toEqual(range);
    expect(values).toEqual(before);
  });

  it('refuses to find a median of nothing', () => {
    expect(() => median([])).toThrow('expected at least one value');
  });

  it.each([
    [1, (size: number) => 3 * size],
    [0, () => 5],
    [2, (size: number) => size * size],
    [0.5, (size: number) => Math.sqrt(size)],
  ])('finds the slope %d', (exponent, cost) => {
    const sizes = [2, 5, 10, 30];
    expect(slope(sizes, sizes.map(cost))).toBeCloseTo(exponent, 10);
  });

  it('finds the slope through noise by least squares', () => {
    // Logarithms to base 10: 0, 1, 2 and 0, 2, 1; the line through them rises by a half.
    expect(slope([1, 10, 100], [1, 100, 10])).toBeCloseTo(0.5, 10);
  });

  it('refuses a slope from nothing on', () => {
    expect(() => slope([0, 1], [1, 2])).toThrow('expected two or more sizes above 0, got 0, 1');
  });

  it('divides by the same round, and not by another number of them', () => {
    expect(ratios([2, 9, 4], [1, 3, 2])).toEqual([2, 3, 2]);
    expect(() => ratios([1], [1, 2])).toThrow('got 1 and 2');
  });

  it.each([
    [0, '0.00'],
    [1234.5, '1235'],
    [12.34, '12.3'],
    [1.004, '1.00'],
    [0.0312, '0.0312'],
  ])('shows %d as %s', (value, text) => {
    expect(shown(value)).toBe(text);
  });
});

describe('a verdict', () => {
  const plan = 'do less';

  it.each<[string, Partial<Row>, { met: string; better: string; plan: string | null }]>([
    ['aim met', { samples: [1.1], aim: { atMost: 1.1 }, plan }, { met: 'yes', better: '', plan: null }],
    ['aim missed', { samples: [1.2], aim: { atMost: 1.1 }, plan }, { met: 'NO', better: '', plan }],
    [
      'what looks like the aim',
      { samples: [1.104], aim: { atMost: 1.1 }, plan },
      { met: 'yes', better: '', plan: null },
    ],
    ['rate met', { samples: [0.95], aim: { atLeast: 0.9 }, plan }, { met: 'yes', better: '', plan: null }],
    ['rate missed', { samples: [0.8], aim: { atLeast: 0.9 }, plan }, { met: 'NO', better: '', plan }],
    ['missed, no plan', { samples: [2], aim: { atMost: 1 } }, { met: 'NO', better: '', plan: NO_PLAN }],
    ['no aim', { samples: [9], plan }, { met: '', better: '', plan: null }],
    ['we are better', { kind: 'peer', samples: [0.4, 0.5, 0.6], plan }, { met: '', better: 'us', plan: null }],
    ['a peer is better', { kind: 'peer', samples: [1.4, 1.5, 1.6], plan }, { met: '', better: 'peer', plan }],
    ['a peer is better, no plan', { kind: 'peer', samples: [1.4] }, { met: '', better: 'peer', plan: NO_PLAN }],
    ['within noise', { kind: 'peer', samples: [0.8, 1.1, 1.4], plan }, { met: '', better: 'even', plan: null }],
    ['a floor', { kind: 'floor', samples: [1.5], plan }, { met: '', better: '', plan: null }],
    [
      'aim met, but a peer is better',
      { kind: 'peer', isMoreBetter: true, samples: [0.95], aim: { atLeast: 0.9 }, plan },
      { met: 'yes', better: 'peer', plan },
    ],
    ['a better rate', { kind: 'peer', isMoreBetter: true, samples: [2], plan }, { met: '', better: 'us', plan: null }],
    [
      'a check that holds',
      { samples: undefined, check: { says: 'exact', isMet: true }, plan },
      { met: 'yes', better: '', plan: null },
    ],
    [
      'a check that fails',
      { samples: undefined, check: { says: 'WRONG', isMet: false } },
      { met: 'NO', better: '', plan: NO_PLAN },
    ],
    ['skipped', { samples: undefined, skipped: 'no Python here', plan }, { met: '', better: '', plan: null }],
  ])('on %s', (_, changes, verdict) => {
    expect(judge(row(changes))).toMatchObject(verdict);
  });

  it('shows median, middle half, rounds and scale', () => {
    const judged = judge(
      ratioRow({ what: 'hook', against: 'script', kind: 'floor', ours: [10, 22, 30], theirs: [10, 20, 20] }),
    );
    expect(judged).toMatchObject({
      measured: '1.10 x',
      noise: '1.05..1.30',
      rounds: '3',
      figures: '22.0 ms / 20.0 ms',
    });
  });

  it('says why nothing was measured', () => {
    expect(judge({ what: 'hook', skipped: 'no Python here' })).toMatchObject({
      measured: 'skipped',
      figures: 'no Python here',
    });
  });
});

describe('growth', () => {
  const costs = [
    [1, 2],
    [2, 4],
    [4, 8],
  ];
  const sizes = { what: 'relay', sizes: [1, 2, 4], labels: ['1', '2', '4'], costs };

  it('by slope has one for each round', () => {
    expect(judge(growthRow({ ...sizes, by: 'slope' }))).toMatchObject({
      against: 'slope',
      measured: '1.00',
      rounds: '2',
      figures: 'linear. 1: 1.50, 2: 3.00, 4: 6.00 ms',
    });
  });

  it('by ratio sets the largest against the smallest', () => {
    expect(judge(growthRow({ ...sizes, by: 'ratio', aim: { atMost: 1.1 }, plan: 'do less' }))).toMatchObject({
      against: '4 / 1',
      measured: '4.00 x',
      met: 'NO',
      plan: 'do less',
    });
  });
});

describe('the table', () => {
  const missed = { samples: [2], aim: { atMost: 1 }, plan: 'do less' };
  const sections = sectionsOf([
    {
      title: 'Hooks',
      about: 'Whole processes.',
      rows: [row({ what: 'one', ...missed }), row({ what: 'two', ...missed })],
    },
    {
      title: 'Only growth',
      about: '',
      rows: [growthRow({ what: 'relay', sizes: [1, 2], labels: ['1', '2'], costs: [[1], [2]], by: 'slope' })],
    },
  ]);

  it('gathers growth at the end, and drops what is empty', () => {
    expect(sections.map(({ title }) => title)).toEqual(['Hooks', 'How the cost grows']);
  });

  it('says a plan once for all that need it', () => {
    expect(asText(sections)).toContain('→ one; two: do less');
    expect(asMarkdown(sections)).toContain('- **one; two**: do less');
  });

  it('is Markdown with as many cells in each line', () => {
    const cells = asMarkdown(sections)
      .split('\n')
      .filter(line => line.startsWith('|'))
      .map(line => line.split('|').length);
    expect(cells.length).toBe(7);
    expect(new Set(cells).size).toBe(1);
  });
});

describe('the command line', () => {
  it.each([
    [[], { isQuick: false, only: null }],
    [['--quick'], { isQuick: true, only: null }],
    [['--only', 'hook, relay'], { isQuick: false, only: ['hook', 'relay'] }],
  ])('%j is understood', (args, options) => {
    expect(readOptions(args, ['hook', 'relay'])).toEqual(options);
  });

  it.each([
    [['--only', 'hook,hoook'], 'one of hook, relay; got "hoook"'],
    [['--only', ''], 'one of hook, relay; got ""'],
    [['--fast'], "Unknown option '--fast'"],
    [['--only'], "'--only <value>' argument missing"],
  ])('%j is refused', (args, message) => {
    expect(() => readOptions(args, ['hook', 'relay'])).toThrow(message);
  });

  it('ends with exit code 1 and one line that has all names', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`${ROOT}bench/run.mjs`, '--only', 'nothing'], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^bench: --only: expected one of hook, .*library; got "nothing"\n$/);
  });
});
