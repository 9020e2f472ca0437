/** A budget as reports and `--json` show it: USD instead of nano-dollars, times as texts. */
import type { AlertPeriod } from './alert.ts';
import { NANO_PER_USD } from './amount-text.ts';
import type { BudgetState } from './budgets.ts';

export interface BudgetRow {
  readonly name: string;
  /** As `command /simple`; null: all usage. */
  readonly subject: string | null;
  readonly period: AlertPeriod;
  /** RFC 3339 in UTC; the end is the start of the next period. */
  readonly period_start: string;
  readonly period_end: string;
  /** USD. */
  readonly limit: number;
  readonly used: number;
  /** Of the limit; 1 is all of it. */
  readonly share: number;
  readonly level: BudgetState['level'];
  /** USD at the end of the period; eight of ten cases lie between `low` and `high`. Null: too little history. */
  readonly forecast: {
    readonly expected: number;
    readonly low: number;
    readonly high: number;
    readonly basis: 'weekdays' | 'recent';
    readonly days: number;
  } | null;
}

export function budgetRow({
  budget,
  name,
  subject,
  start,
  end,
  limit,
  used,
  share,
  level,
  forecast,
}: BudgetState): BudgetRow {
  const usd = (nano: number): number => nano / NANO_PER_USD;
  return {
    name,
    subject,
    period: budget.period,
    period_start: new Date(start).toISOString(),
    period_end: new Date(end).toISOString(),
    limit: usd(limit),
    used: usd(used),
    share,
    level,
    forecast: forecast && {
      ...forecast,
      expected: usd(forecast.expected),
      low: usd(forecast.low),
      high: usd(forecast.high),
    },
  };
}
