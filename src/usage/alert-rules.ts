/** The limits of hours and days for all usage: `alert_thresholds` of the prices. */
import type { Pricing } from '../model/pricing-schema.ts';
import { type Alert, type AlertPeriod, makeAlert } from './alert.ts';
import { countText, NANO_PER_USD, usdText } from './amount-text.ts';
import type { Calendar } from './calendar.ts';
import { groupPeriods, type Period, reachedAt, sumOf } from './group-periods.ts';
import { slotUsage } from './slot-usage.ts';
import type { UsageCube } from './usage-cube.ts';

export type AlertThresholds = NonNullable<Pricing['alert_thresholds']>;

/** Days before today in which crossings are still looked for: a weekend without a monitor. What is older is history. */
const LOOKBACK_DAYS = 3;

export interface AlertQuery {
  cube: UsageCube;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
}

interface Rule {
  kind: 'hourly_cost' | 'daily_cost' | 'hourly_tokens';
  period: AlertPeriod & ('hour' | 'day');
  measure: 'cost' | 'tokens';
}

const RULES: readonly Rule[] = [
  { kind: 'hourly_cost', period: 'hour', measure: 'cost' },
  { kind: 'daily_cost', period: 'day', measure: 'cost' },
  { kind: 'hourly_tokens', period: 'hour', measure: 'tokens' },
];
const LEVELS = ['warning', 'critical'] as const;
const WORDS = { hour: 'Hour', day: 'Day' } as const;

/** All crossings of today and the days before, as noticed now. Which of them are known already is for the log to say. */
export function thresholdAlerts({ cube, calendar, now }: AlertQuery, thresholds: AlertThresholds): Alert[] {
  const slots = slotUsage(cube, { from: calendar.shift('day', now, -LOOKBACK_DAYS), until: now + 1 });
  return RULES.flatMap(rule => {
    const limits = LEVELS.map(level => [level, thresholds[`${rule.kind}_${level}`]] as const);
    if (limits.every(([, limit]) => limit === undefined)) return [];
    return groupPeriods(slots, rule.period, calendar).flatMap(period =>
      limits.flatMap(([level, limit]) => {
        const at = limit === undefined ? null : reachedAt(period.slots, rule.measure, inUnits(rule, limit));
        if (at === null || limit === undefined) return [];
        const label = calendar.label(rule.period, period.start);
        return [makeAlert({ ...describe(rule, period, { level, limit, label }), level, limit, at, now })];
      }),
    );
  });
}

/** Costs are counted in nano-dollars. */
const inUnits = ({ measure }: Rule, limit: number): number =>
  measure === 'cost' ? Math.round(limit * NANO_PER_USD) : limit;

interface Crossing {
  level: 'warning' | 'critical';
  limit: number;
  /** Of the period, for people. */
  label: string;
}

function describe(rule: Rule, { start, slots }: Period, { level, limit, label }: Crossing) {
  const { kind, period, measure } = rule;
  const sum = sumOf(slots, measure);
  const [used, allowed] =
    measure === 'cost'
      ? [`${usdText(sum)} at list prices`, usdText(inUnits(rule, limit))]
      : [`${countText(sum)} tokens without cache reads`, countText(limit)];
  return {
    kind,
    period,
    periodStart: start,
    subject: null,
    value: measure === 'cost' ? sum / NANO_PER_USD : sum,
    message: `${WORDS[period]} ${label}: ${used}, ${level} limit ${allowed}.`,
  };
}
