/** Alerts of budgets: 80 % used, all used, and that the forecast goes beyond the limit. Each once a period. */
import { type Alert, type AlertFacts, makeAlert } from './alert.ts';
import type { AlertQuery } from './alert-rules.ts';
import { NANO_PER_USD, usdText } from './amount-text.ts';
import { BUDGET_MARKS, type Budget, type BudgetState, budgetUsage } from './budgets.ts';
import { reachedAt, sumOf } from './group-periods.ts';

/** Usage of a period that has just ended is often read only after its end. */
const LATE_MILLIS = 86_400_000;

/** All crossings of this period, and of the last one while it is not over for a day. `states` are those of now. */
export function budgetAlerts(query: AlertQuery, states: readonly BudgetState[]): Alert[] {
  return states.flatMap(state => {
    const last = query.calendar.shift(state.budget.period, query.now, -1);
    const periods = [{ start: state.start, end: query.now + 1 }];
    if (query.now - state.start < LATE_MILLIS) periods.unshift({ start: last, end: state.start });
    return [...periods.flatMap(period => crossings(query, state, period)), ...forecastAlert(query, state)];
  });
}

function crossings(query: AlertQuery, state: BudgetState, period: { start: number; end: number }): Alert[] {
  const { budget, limit } = state;
  const slots = budgetUsage(query, budget, period);
  return BUDGET_MARKS.flatMap(({ level, share }) => {
    const at = reachedAt(slots, 'cost', share * limit);
    if (at === null) return [];
    const used = sumOf(slots, 'cost');
    const label = query.calendar.label(budget.period, period.start);
    const percent = Math.floor((100 * used) / limit);
    return makeAlert({
      ...common(query, state, period.start),
      kind: 'budget',
      level,
      at,
      value: used / NANO_PER_USD,
      message: `${nameIn(state)}, ${budget.period} of ${label}: ${usdText(used)} of ${usdText(limit)} used (${percent} %).`,
    });
  });
}

/** Nothing once the limit is reached: then the forecast is no news. */
function forecastAlert(query: AlertQuery, state: BudgetState): Alert[] {
  const { budget, forecast, limit, used } = state;
  if (!forecast || used >= limit || forecast.high <= limit) return [];
  const isLikely = forecast.expected > limit;
  const band = `${usdText(forecast.low)} to ${usdText(forecast.high)}`;
  const label = query.calendar.label(budget.period, state.start);
  const says = isLikely ? 'is likely to be exceeded' : 'may be exceeded';
  return [
    makeAlert({
      ...common(query, state, state.start),
      kind: 'budget_forecast',
      level: isLikely ? 'warning' : 'info',
      at: query.now,
      value: forecast.expected / NANO_PER_USD,
      message: `${nameIn(state)}, ${budget.period} of ${label}: ${usdText(limit)} ${says}. Forecast ${usdText(forecast.expected)} (${band} in 8 of 10 cases), ${usdText(used)} used so far.`,
    }),
  ];
}

function common({ now }: AlertQuery, { budget, subject }: BudgetState, periodStart: number) {
  const { period, limit } = budget;
  return { now, period, periodStart, subject, limit, detail: detailOf(budget, subject) } satisfies Partial<AlertFacts>;
}

/** A budget that is changed is another one, and may be crossed anew. */
const detailOf = ({ period, limit }: Budget, subject: string | null): string =>
  [period, limit, subject].filter(part => part !== null).join(' ');

const nameIn = ({ name }: BudgetState): string => name.charAt(0).toUpperCase() + name.slice(1);
