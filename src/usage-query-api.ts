/** The queries about usage for programs: the answers of the command line, in camelCase. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { claudeDir } from './claude-code/claude-dir.ts';
import { renderUsageReport } from './cli/render-usage-report.ts';
import { styleOf } from './cli/style.ts';
import { SpanbookError } from './errors.ts';
import { usageBudgets, usageRecommendations } from './evaluate-usage.ts';
import { listAlerts } from './list-alerts.ts';
import { isDateAlone, pointInTime } from './point-in-time.ts';
import { type CamelCased, camelCase } from './query/camel-case.ts';
import { type CostTrend, costTrend } from './query/usage/cost-trend.ts';
import { type NameFilter, nameFilter } from './query/usage/name-filter.ts';
import type { UsageFilter } from './query/usage/select-rows.ts';
import { type TopConsumers, topConsumers } from './query/usage/top-consumers.ts';
import { type Breakdown, usageBreakdown } from './query/usage/usage-breakdown.ts';
import { type UsagePeriods, usagePeriods } from './query/usage/usage-periods.ts';
import { usageReport } from './query/usage/usage-report.ts';
import { type UsageTotals, usageTotals } from './query/usage/usage-totals.ts';
import type { UsageRead } from './read-usage.ts';
import { readUsage } from './read-usage-now.ts';
import { findStateDir } from './store/state-dir.ts';
import type { Alert } from './usage/alert.ts';
import type { Calendar } from './usage/calendar.ts';
import { localCalendar } from './usage/local-calendar.ts';
import { DIMENSIONS, type Dimension } from './usage/usage-cube.ts';
import { calendarOf } from './usage/wall-clock-calendar.ts';
import type { ZoneClock } from './zone-clock.ts';

export interface UsageQueryApiOptions {
  /** The state folder. Default: as the command line finds it (`SPANBOOK_STATE_DIR`, else `state/` of the project). */
  stateDir?: string;
  /** Folder of Claude Code, with `projects/` in it. Default: `CLAUDE_CONFIG_DIR`, else `~/.claude`. */
  claudeDir?: string;
  /** Whose hours and days they are, as `Europe/Berlin`. Default: the zone of this machine. */
  timeZone?: string;
}

/** What a question is limited to. Default: nothing. */
export interface UsageQuery extends NameFilter {
  /** From then on: a date, milliseconds since 1970, or a text as `--since` takes it (`2026-11-01`, `30d`). */
  since?: Date | number | string;
  /** Up to then; a date alone is meant with its whole day. */
  until?: Date | number | string;
}

/**
 * Answers about tokens and money. Every answer is exact at the time of the call: transcripts that have grown are read
 * first. Costs are USD at list prices (API-equivalent), not money spent on a subscription.
 *
 * @example
 * const api = new UsageQueryApi({ stateDir: 'state' });
 * console.log(api.getTotals().totals.totalCost, api.getTopConsumers('agent', { limit: 10 }).rows);
 */
export class UsageQueryApi {
  readonly #stateDir: string;
  readonly #claudeDir: string;
  readonly #keep: boolean;
  readonly #zone: ZoneClock | null;
  readonly #calendar: Calendar;

  /** @throws SpanbookError `USAGE` if there is no such time zone. */
  constructor({ stateDir, claudeDir: folder, timeZone }: UsageQueryApiOptions = {}) {
    const { env } = process;
    this.#stateDir = findStateDir({ given: stateDir, env, cwd: process.cwd() }).path;
    this.#claudeDir = folder === undefined ? claudeDir(env) : resolve(folder);
    this.#keep = stateDir !== undefined || !!env.SPANBOOK_STATE_DIR;
    this.#zone = timeZone === undefined ? null : zoneOf(timeZone);
    this.#calendar = this.#zone ? calendarOf(this.#zone) : localCalendar();
  }

  /** All usage in one sum. */
  getTotals(query: UsageQuery = {}): CamelCased<UsageTotals> {
    const { view } = this.#read();
    return camelCase(usageTotals(view, this.#filter(view, query)));
  }

  /** Usage by one dimension or by two, the dearest first. */
  getBreakdown(by: Dimension | readonly [Dimension, Dimension], query: UsageQuery = {}): CamelCased<Breakdown> {
    const { view } = this.#read();
    return camelCase(usageBreakdown(view, dimensionsOf(by), this.#filter(view, query)));
  }

  /** Usage of the last hours (default: 24), with the current one and those without any. */
  getHourly({ hours = 24, ...names }: NameFilter & { hours?: number } = {}): CamelCased<UsagePeriods> {
    return camelCase(this.#periods('hour', hours, names));
  }

  /** Usage of the last days (default: 30), with today and those without any. */
  getDaily({ days = 30, ...names }: NameFilter & { days?: number } = {}): CamelCased<UsagePeriods> {
    return camelCase(this.#periods('day', days, names));
  }

  /** The first rows (default: 10) of the breakdown. */
  getTopConsumers(
    by: Dimension | readonly [Dimension, Dimension],
    { limit = 10, ...query }: UsageQuery & { limit?: number } = {},
  ): CamelCased<TopConsumers> {
    const { view } = this.#read();
    return camelCase(topConsumers(view, { by: dimensionsOf(by), limit, filter: this.#filter(view, query) }));
  }

  /** The cost of each of the last days (default: 7), and whether it goes up or down. */
  getCostTrend({ days = 7, ...names }: NameFilter & { days?: number } = {}): CamelCased<CostTrend> {
    const { view } = this.#read();
    const only = nameFilter(view, names);
    return camelCase(costTrend(view, { count: countOf(days), calendar: this.#calendar, now: Date.now(), only }));
  }

  /** Limits and budgets that were crossed, in the order in which they were noticed. */
  getAlerts(): CamelCased<Alert[]> {
    return camelCase(this.#alerts(this.#read(), Date.now()));
  }

  /** A report for people, as plain text of 80 columns. */
  generateReport(query: UsageQuery = {}): string {
    const read = this.#read();
    const now = Date.now();
    const { view, pricing } = read;
    const evaluated = { view, pricing: pricing.pricing, calendar: this.#calendar, now };
    const report = usageReport(view, {
      calendar: this.#calendar,
      now,
      filter: this.#filter(view, query),
      alerts: this.#alerts(read, now),
      budgets: usageBudgets(evaluated),
      recommendations: usageRecommendations({ ...evaluated, prices: pricing.table }),
    });
    const screen = { style: styleOf({ env: {}, isTty: false }), zone: this.#zone?.zone ?? null, home: undefined };
    const about = { view, calendar: this.#calendar, stateDir: this.#stateDir, names: query };
    return `${renderUsageReport({ ...screen, ...about }, report).join('\n')}\n`;
  }

  #read(): UsageRead {
    return readUsage({
      stateDir: this.#stateDir,
      claudeDirs: [this.#claudeDir],
      now: Date.now(),
      pricingPath: createRequire(import.meta.url).resolve('#config/usage_pricing.json'),
      say: () => {},
      // A question makes no folder, unless somebody said where.
      keep: this.#keep || existsSync(this.#stateDir),
    });
  }

  #periods(unit: 'hour' | 'day', count: number, names: NameFilter): UsagePeriods {
    const { view } = this.#read();
    const only = nameFilter(view, names);
    return usagePeriods(view, { unit, count: countOf(count), calendar: this.#calendar, now: Date.now(), only });
  }

  #filter(view: UsageRead['view'], { since, until, ...names }: UsageQuery): UsageFilter {
    return { since: this.#time('since', since), until: this.#time('until', until), only: nameFilter(view, names) };
  }

  #time(name: string, value: UsageQuery['since']): number | undefined {
    if (value === undefined) return undefined;
    const query = { now: Date.now(), localTime: this.#zone?.instantOf };
    const at = typeof value === 'string' ? pointInTime(value, query) : Number(value);
    if (Number.isNaN(at)) {
      throw new SpanbookError('BAD_INPUT', `${name}: expected a Date, milliseconds or a time, got "${String(value)}"`);
    }
    // The last day that is asked for is meant with all its hours.
    const isWholeDay = name === 'until' && typeof value === 'string' && isDateAlone(value);
    return isWholeDay ? this.#calendar.shift('day', at, 1) : at;
  }

  #alerts({ view, pricing }: UsageRead, now: number): Alert[] {
    const { pricing: limits } = pricing;
    return listAlerts({ stateDir: this.#stateDir, view, pricing: limits, calendar: this.#calendar, now });
  }
}

function dimensionsOf(by: Dimension | readonly [Dimension, Dimension]): readonly Dimension[] {
  const dimensions: readonly Dimension[] = typeof by === 'string' ? [by] : by;
  const isKnown = dimensions.every(dimension => DIMENSIONS.includes(dimension));
  if (isKnown && dimensions.length > 0 && dimensions.length <= 2 && dimensions[0] !== dimensions[1]) return dimensions;
  throw new SpanbookError(
    'BAD_INPUT',
    `dimension: expected one of ${DIMENSIONS.join(', ')} or two, got "${String(by)}"`,
  );
}

function countOf(count: number): number {
  if (Number.isInteger(count) && count > 0) return count;
  throw new SpanbookError('BAD_INPUT', `count: expected a whole number, 1 or more, got ${count}`);
}

/** Loads the built clock of zones, which is not needed without one. */
function zoneOf(name: string): ZoneClock {
  const { zoneClock } = createRequire(import.meta.url)('#zones') as typeof import('./zone-clock.ts');
  const clock = zoneClock(name);
  if (clock) return clock;
  throw new SpanbookError('USAGE', `time zone: expected one as Europe/Berlin, UTC or +05:30, got "${name}"`);
}
