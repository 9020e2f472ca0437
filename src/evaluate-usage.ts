/** Alerts, budgets and recommendations of a state folder: usage held against limits, and the log of what came of it. */
import { systemErrorCode } from './errors.ts';
import type { Pricing } from './model/pricing-schema.ts';
import { appendAlerts, readAlerts } from './store/alert-log.ts';
import type { Alert } from './usage/alert.ts';
import { type BudgetRow, budgetRow } from './usage/budget-row.ts';
import { budgetStates } from './usage/budgets.ts';
import type { Calendar } from './usage/calendar.ts';
import { currentAlerts } from './usage/current-alerts.ts';
import type { PriceTable } from './usage/price-table.ts';
import { type Recommendation, recommend } from './usage/recommend.ts';
import type { UsageView } from './usage/usage-view.ts';

const DAY_MILLIS = 86_400_000;
const RECENT_DAYS = 30;
/** A crossing may be of the month before, and its alert is as old as that. */
const KNOWN_DAYS = 45;

export interface Evaluation {
  view: UsageView;
  /** Those of the package, with what the state folder says instead. */
  pricing: Pricing;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
}

export interface AlertAnswer {
  /** New ones; they are in the log now. */
  readonly fresh: readonly Alert[];
  /** All of the last 30 days, in the order in which they were noticed. */
  readonly recent: readonly Alert[];
  /** Why the log could not be read or written; then `recent` still tells what holds now, and `fresh` is empty. */
  readonly problem: string | null;
}

/** Looks for crossings and logs those that are new. Called by the monitor at every poll; never throws for the disk. */
export function evaluateAlerts({ stateDir, ...evaluation }: Evaluation & { stateDir: string }): AlertAnswer {
  const { now, view, pricing, calendar } = evaluation;
  const found = currentAlerts({ cube: view.cube, calendar, now }, pricing);
  const isRecent = ({ noted_at }: Alert): boolean => Date.parse(noted_at) >= now - RECENT_DAYS * DAY_MILLIS;
  let known: Alert[] = [];
  try {
    known = readAlerts(stateDir, { since: now - KNOWN_DAYS * DAY_MILLIS });
    const keys = new Set(known.map(({ key }) => key));
    const fresh = found.filter(({ key }) => !keys.has(key));
    if (fresh.length > 0) appendAlerts(stateDir, fresh);
    return { fresh, recent: [...known.filter(isRecent), ...fresh], problem: null };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const problem = `the log of alerts cannot be kept (${code}); alerts are shown, but not delivered`;
    const keys = new Set(known.map(({ key }) => key));
    return { fresh: [], recent: [...known.filter(isRecent), ...found.filter(({ key }) => !keys.has(key))], problem };
  }
}

/** The budgets in the periods that it is now, in the order of the file. For reports. */
export const usageBudgets = ({ view: { cube }, pricing, calendar, now }: Evaluation): BudgetRow[] =>
  budgetStates({ cube, calendar, now }, pricing.budgets ?? []).map(budgetRow);

/** What could have been saved in the last 30 days, and the texts of the file. For reports. */
export function usageRecommendations({
  view,
  pricing,
  prices,
  now,
}: Omit<Evaluation, 'calendar'> & { prices: PriceTable }): Recommendation[] {
  const range = { from: now - RECENT_DAYS * DAY_MILLIS, until: now };
  return recommend(pricing.recommendations ?? [], {
    cube: view.cube,
    prices,
    range,
    modelName: id => view.modelName(id),
  });
}
