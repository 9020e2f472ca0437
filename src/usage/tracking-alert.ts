/** "Tracking incomplete": tokens without a price make costs too low, and limits and budgets miss what they cost. */
import { type Alert, makeAlert } from './alert.ts';
import type { AlertQuery } from './alert-rules.ts';
import { countText } from './amount-text.ts';
import { eachRow } from './slot-usage.ts';
import { subjectText } from './subject-text.ts';
import { SLOT_MILLIS, type UsageCube } from './usage-cube.ts';

const MAX_MODELS = 5;

/** One alert for each of yesterday and today in which tokens had no price. It names the models, the largest first. */
export function trackingAlerts({ cube, calendar, now }: AlertQuery): Alert[] {
  const today = calendar.startOf('day', now);
  const days = [
    { start: calendar.shift('day', now, -1), end: today },
    { start: today, end: now + 1 },
  ];
  return days.flatMap(({ start, end }) => {
    const { models, at } = unpricedIn(cube, start, end);
    if (models.size === 0) return [];
    const tokens = [...models.values()].reduce((sum, count) => sum + count, 0);
    const names = listed([...models].sort(([, a], [, b]) => b - a).map(([name]) => subjectText(name)));
    const label = calendar.label('day', start);
    return makeAlert({
      kind: 'tracking_incomplete',
      level: 'warning',
      at,
      now,
      period: 'day',
      periodStart: start,
      subject: `model ${names}`,
      value: tokens,
      limit: 0,
      message: `Day ${label}: tracking is incomplete. ${countText(tokens)} tokens of ${names} have no price: costs are too low until usage_pricing.json has it.`,
    });
  });
}

interface Unpriced {
  /** Tokens by model. */
  models: Map<string, number>;
  /** End of the first quarter of an hour with such tokens. */
  at: number;
}

function unpricedIn(cube: UsageCube, from: number, until: number): Unpriced {
  const models = new Map<string, number>();
  let first = Number.POSITIVE_INFINITY;
  const { dimensions, measures } = cube.columns;
  eachRow(cube, { from, until }, (row, slot) => {
    const tokens = measures.unpriced[row] ?? 0;
    if (tokens <= 0) return;
    const model = cube.names.model[dimensions.model[row] ?? 0] || 'a model without a name';
    models.set(model, (models.get(model) ?? 0) + tokens);
    first = Math.min(first, slot);
  });
  return { models, at: (first + 1) * SLOT_MILLIS };
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_MODELS;
  return names.slice(0, MAX_MODELS).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
