/** Why something was unusual, in words. */
import { formatMoney } from '../../model/format-amount.ts';
import { formatDuration } from '../format-duration.ts';
import type { OutcomeHistory } from './outcome-history.ts';
import type { ValueHistory } from './value-history.ts';

/** Of fewer than this, one in twenty is less than one. */
const TWENTY = 20;

/** `took 4m 10s; of the 37 before it half took less than 38.0s, and nineteen of twenty less than 1m 20s`. */
export const slowReason = (millis: number, history: ValueHistory, isRunning: boolean): string =>
  `${isRunning ? 'runs for' : 'took'} ${formatDuration(millis)}; ${before(history, 'took less than', formatDuration)}`;

export const dearReason = (dollars: number, history: ValueHistory): string =>
  `cost ${formatMoney(dollars)}; ${before(history, 'cost less than', formatMoney)}`;

export function failedReason(status: string, { size, failed }: OutcomeHistory): string {
  const how = failed === 0 ? 'none' : `only ${failed}`;
  return `${status === 'abandoned' ? 'was abandoned' : 'failed'}; of the ${size} before it ${how} did`;
}

function before(history: ValueHistory, than: string, format: (value: number) => string): string {
  const half = `of the ${history.size} before it half ${than} ${format(history.quantile(0.5))}`;
  return history.size < TWENTY
    ? `${half}, and none more than ${format(history.quantile(1))}`
    : `${half}, and nineteen of twenty less than ${format(history.quantile(0.95))}`;
}
