/** Budgets: how much of each is used in the period that it is now, and what will be at its end. */
import type { Pricing } from '../model/pricing-schema.ts';
import type { AlertQuery } from './alert-rules.ts';
import { NANO_PER_USD } from './amount-text.ts';
import { type Forecast, forecastPeriod } from './forecast.ts';
import { modelIdForms } from './model-id.ts';
import { type SlotUsage, slotUsage, type UsageScope } from './slot-usage.ts';
import { subjectText } from './subject-text.ts';

export type Budget = NonNullable<Pricing['budgets']>[number];

/** Shares of a budget that are worth a word. */
export const BUDGET_MARKS = [
  { level: 'warning', share: 0.8 },
  { level: 'critical', share: 1 },
] as const;

/** A budget in the period that it is now. Amounts are nano-dollars, times milliseconds since 1970. */
export interface BudgetState {
  readonly budget: Budget;
  /** As the file calls it, or in words: `month budget of command /simple`. */
  readonly name: string;
  /** As `command /simple`; null: all usage. */
  readonly subject: string | null;
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly used: number;
  /** Of the limit; 1 is all of it. */
  readonly share: number;
  readonly level: 'ok' | 'warning' | 'critical';
  /** Null while there are fewer than three days to learn from. */
  readonly forecast: Forecast | null;
}

/** In the order of the file. */
export function budgetStates({ cube, calendar, now }: AlertQuery, budgets: readonly Budget[]): BudgetState[] {
  return budgets.map(budget => {
    const start = calendar.startOf(budget.period, now);
    const used = budgetUsage({ cube, calendar, now }, budget, { start, end: now + 1 }).reduce(
      (sum, slot) => sum + slot.cost,
      0,
    );
    const limit = Math.round(budget.limit * NANO_PER_USD);
    const share = used / limit;
    return {
      budget,
      ...budgetWords(budget),
      start,
      end: calendar.shift(budget.period, now, 1),
      limit,
      used,
      share,
      level: BUDGET_MARKS.findLast(mark => share >= mark.share)?.level ?? 'ok',
      forecast: forecastPeriod(budget.period, used, { cube, calendar, now, scope: scopeOf(budget) }),
    };
  });
}

/** What counts for a budget, by quarter of an hour. */
export const budgetUsage = (
  { cube }: AlertQuery,
  budget: Budget,
  { start, end }: { start: number; end: number },
): SlotUsage[] => slotUsage(cube, { from: start, until: end, scope: scopeOf(budget) });

const OWNERS = ['stage', 'command', 'agent', 'skill', 'model'] as const;

function budgetWords(budget: Budget): Pick<BudgetState, 'name' | 'subject'> {
  const owner = OWNERS.find(dimension => budget[dimension] !== undefined);
  const subject = owner === undefined ? null : `${owner} ${subjectText(budget[owner] ?? '')}`;
  return { subject, name: budget.name ?? `${budget.period} budget${subject === null ? '' : ` of ${subject}`}` };
}

/** A command is found with its slash and without; a model by any of the names that one model goes by. */
function scopeOf({ stage, command, agent, skill, model }: Budget): UsageScope {
  return {
    ...(stage !== undefined && { stage: key => key === stage }),
    ...(command !== undefined && { command: key => key === command || key === `/${command}` }),
    ...(agent !== undefined && { agent: key => key === agent }),
    ...(skill !== undefined && { skill: key => key === skill }),
    ...(model !== undefined && { model: key => key !== null && modelIdForms(key).includes(model) }),
  };
}
