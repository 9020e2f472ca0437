/** What of usage is looked at, as it stands in the address of the page. */
import type { ChartMeasure } from '../../../charts/axis-text.ts';
import type { Dimension } from '../../../usage/usage-cube.ts';
import { rangeOf, type TimeRange } from '../route/time-range.ts';

export interface UsageChoice {
  range: TimeRange;
  by: Dimension;
  measure: ChartMeasure;
  unit: 'hour' | 'day';
}

export const BY = [
  'model',
  'command',
  'agent',
  'skill',
  'stage',
  'project',
  'branch',
  'session',
] as const satisfies Dimension[];
export const MEASURES = ['cost', 'tokens', 'requests'] as const satisfies ChartMeasure[];

/** Hours of more days than this are too many bars. */
const MAX_DAYS_OF_HOURS = 7;

export function usageChoice(search: string): UsageChoice {
  const parameters = new URLSearchParams(search);
  const range = rangeOf(parameters.get('range'));
  const unit = parameters.get('unit') ?? (range.days === 1 ? 'hour' : 'day');
  return {
    range,
    by: BY.find(name => name === parameters.get('by')) ?? 'model',
    measure: MEASURES.find(name => name === parameters.get('measure')) ?? 'cost',
    unit: unit === 'hour' && range.days <= MAX_DAYS_OF_HOURS ? 'hour' : 'day',
  };
}

export const canShowHours = ({ range }: UsageChoice): boolean => range.days <= MAX_DAYS_OF_HOURS;
