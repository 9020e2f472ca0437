/** Pictures of charts: whole, the same every time, and obeying no name. */
import { describe, expect, it } from 'vitest';
import type { ChartOption } from '../../src/charts/chart-option.ts';
import { chartText, distinctTexts, plainInRich } from '../../src/charts/chart-text.ts';
import { CHART_COLORS, type ChartTheme } from '../../src/charts/chart-theme.ts';
import { costTrendChart } from '../../src/charts/cost-trend-chart.ts';
import { durationsChart } from '../../src/charts/durations-chart.ts';
import { monthForecastChart } from '../../src/charts/month-forecast-chart.ts';
import { renderSvg } from '../../src/charts/render-svg.ts';
import { topConsumersChart } from '../../src/charts/top-consumers-chart.ts';
import { usageOverTimeChart } from '../../src/charts/usage-over-time-chart.ts';
import { costTrend } from '../../src/query/usage/cost-trend.ts';
import { monthForecast } from '../../src/query/usage/month-forecast.ts';
import { usageBreakdown } from '../../src/query/usage/usage-breakdown.ts';
import { usageSeries } from '../../src/query/usage/usage-series.ts';
import { type Used, viewOf } from '../helpers/usage-view.ts';
import { zoneCalendar } from '../helpers/zone-calendar.ts';

const NOW = Date.parse('2026-11-20T15:00:00Z');
const DAY = 86_400_000;
const calendar = zoneCalendar();
const LOOK = { theme: 'light', width: 720, height: 260 } as const;
const HOSTILE = [
  '<script>alert(1)</script>',
  '{bold|loud} {a}',
  '__proto__',
  'constructor',
  '\x1b[31mred\x1b[0m',
  'abc\u202egnp.exe',
  '=1+1',
  'x'.repeat(1_000_000),
  '日本語 😀',
  null,
];

const used: Used[] = Array.from({ length: 200 }, (_, index) => ({
  at: NOW - (index % 30) * DAY,
  agent: HOSTILE[index % HOSTILE.length],
  cost: 1_000_000 * (1 + (index % 7)),
  input: index,
}));
const view = viewOf(used);
const query = { count: 30, calendar, now: NOW };

/** Every chart, of these names. */
function charts(theme: ChartTheme = 'light'): Record<string, ChartOption> {
  const look = { ...LOOK, theme };
  const trend = costTrend(view, query);
  const daysAhead = Array.from({ length: 10 }, (_, index) => `2026-11-${21 + index}`);
  return {
    series: usageOverTimeChart(usageSeries(view, { ...query, unit: 'day', by: 'agent' }), look),
    trend: costTrendChart(trend, look),
    month: monthForecastChart({ month: monthForecast(view, query), days: trend.points.slice(10), daysAhead }, look),
    top: topConsumersChart(usageBreakdown(view, ['agent']).rows, { ...look, by: 'agent', limit: 12 }),
    durations: durationsChart([{ label: '2026-11-19', count: 3, p50_ms: 1000, p95_ms: 60_000 }], look),
  };
}

describe.each(Object.keys(charts()))('the picture of %s', name => {
  const svg = renderSvg(charts()[name] ?? {}, LOOK);

  it('is the same every time', () => {
    expect(renderSvg(charts()[name] ?? {}, LOOK)).toBe(svg);
  });

  it('is small, has no script, no style sheet, no name and no address', () => {
    expect(svg.length).toBeLessThan(100_000);
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>$/);
    expect(svg).not.toMatch(/<(?:script|style|foreignObject|image|a) |\sid=|\son\w+=|href|url\(/i);
    expect(svg.replaceAll(/ xmlns(?::xlink)?="http:\/\/www\.w3\.org\/[^"]*"/g, '')).not.toContain('http');
    expect(svg).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });

  it('has as many ends as beginnings, and every attribute in quotes', () => {
    const tags = [...svg.matchAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g)];
    expect(svg.replace(/<\/?[a-z]+(?: [\w:-]+="[^"<]*")*\/?>/g, '')).not.toMatch(/[<>]/);
    const open: string[] = [];
    for (const [, slash, tag = '', , selfClosed] of tags) {
      if (slash) expect(open.pop()).toBe(tag);
      else if (!selfClosed) open.push(tag);
    }
    expect(open).toEqual([]);
  });
});

describe('names in charts', () => {
  it('are shown as text', () => {
    const svg = renderSvg(charts().top ?? {}, { width: 720, height: 500 });
    for (const text of [
      '&lt;script&gt;alert(1)',
      '{bold|loud} {a}',
      '__proto__',
      '\\x1b[31mred',
      'abc\\u202egnp',
      '=1+1',
    ]) {
      expect(svg).toContain(text);
    }
    expect(svg).toContain('日本語 😀');
    expect(svg).toContain('unattributed');
  });

  it('leave the prototype of all objects alone', () => {
    for (const option of Object.values(charts())) renderSvg(option, LOOK);
    const found: string[] = [];
    for (const key in {}) found.push(key);
    expect(found).toEqual([]);
    expect(Object.keys(Object.prototype.constructor)).toEqual([]);
  });

  it.each([
    ['__proto__', '__proto__ '],
    ['toString', 'toString '],
    ['plain', 'plain'],
    ['a\nb', 'a\\x0ab'],
    ['y'.repeat(100), `${'y'.repeat(39)}…`],
  ])('%j becomes %j', (name, text) => {
    expect(chartText(name)).toBe(text);
  });

  it('are told apart where they are cut to the same', () => {
    const long = 'z'.repeat(50);
    expect(distinctTexts([`${long}1`, `${long}2`, 'a', 'a'], 5)).toEqual(['zzzz…', 'zzzz… (2)', 'a', 'a (2)']);
  });

  it('are no markup in tooltips', () => {
    expect(plainInRich('{bold|x} {a}')).toBe('{ bold|x} {a}');
    const { tooltip } = charts().series ?? {};
    const [{ formatter, renderMode } = {}] = Array.isArray(tooltip) ? tooltip : [tooltip];
    expect(renderMode).toBe('richText');
    if (typeof formatter !== 'function') throw new Error('expected a function');
    const texts = Array.from({ length: 30 }, (_, dataIndex) => String(formatter([{ dataIndex }] as never, '')));
    expect(texts.join('\n')).toContain('<script>alert(1)');
    expect(texts.join('\n')).not.toMatch(/\{\w+\|/);
  });
});

describe('data in charts', () => {
  it('is all there', () => {
    const data = usageSeries(view, { ...query, unit: 'day', by: 'agent' });
    const option = usageOverTimeChart(data, LOOK);
    const series = Array.isArray(option.series) ? option.series : [];
    const sum = (values: unknown): number =>
      (values as (number | null)[]).reduce<number>((before, value) => before + (value ?? 0), 0);
    const total = series.reduce((before, { data: values }) => before + sum(values), 0);
    expect(total).toBeCloseTo(usageBreakdown(view, ['agent']).total.cost, 9);
    expect(series.map(({ name }) => name)).toContain('unattributed');
    expect(series.at(-1)?.name).toBe('1 others');
  });

  it('without usage gives an empty picture', () => {
    const empty = viewOf([]);
    const option = usageOverTimeChart(usageSeries(empty, { ...query, unit: 'hour', by: 'model' }), LOOK);
    expect(renderSvg(option, LOOK)).toMatch(/^<svg /);
  });
});

describe('colours', () => {
  const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const linear = (hex: string): number[] =>
    [1, 3, 5].map(at => channel(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  const luminance = (hex: string): number => {
    const [red = 0, green = 0, blue = 0] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a: string, b: string): number => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  // How people without red or green cones see linear light (Machado et al. 2009, severity 1).
  const BLINDNESS: Record<string, number[][]> = {
    protan: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    deutan: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
  };
  const seen = (hex: string, matrix: number[][]): number[] => {
    const light = linear(hex);
    return matrix.map(row => row.reduce((sum, part, index) => sum + part * (light[index] ?? 0), 0));
  };
  const distance = (a: number[], b: number[]): number =>
    Math.hypot(...a.map((value, index) => Math.cbrt(Math.max(0, value)) - Math.cbrt(Math.max(0, b[index] ?? 0))));

  it.each(['light', 'dark'] as const)('stand out from the ground of the %s theme', theme => {
    const { series, others, unattributed, ground, text, faint, accent, warning } = CHART_COLORS[theme];
    for (const color of [...series, others, unattributed, accent]) {
      expect(contrast(color, ground), color).toBeGreaterThanOrEqual(3);
    }
    for (const color of [text, faint, warning]) expect(contrast(color, ground), color).toBeGreaterThanOrEqual(4.5);
  });

  it.each((['light', 'dark'] as const).flatMap(theme => Object.keys(BLINDNESS).map(kind => [theme, kind] as const)))(
    'of neighbours differ in the %s theme for %s eyes',
    (theme, kind) => {
      const { series } = CHART_COLORS[theme];
      for (const [index, color] of series.slice(1).entries()) {
        const before = series[index] ?? '';
        const matrix = BLINDNESS[kind] ?? [];
        expect(distance(seen(before, matrix), seen(color, matrix)), `${before} ${color}`).toBeGreaterThan(0.12);
      }
    },
  );
});
