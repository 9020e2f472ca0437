/** Values of a table as people read them. */
import { formatCount, formatMoney } from '../model/format-amount.ts';
import { formatDuration } from '../query/format-duration.ts';
import { safeText } from '../query/safe-text.ts';
import type { ColumnKind, ReportValue } from './report-table.ts';

const MAX_NAME = 60;
const MAX_TEXT = 240;
const MAX_NOTE = 600;
const NOTHING = '–';

/** Safe, on one line, and cut where it is too long for a page. */
export function cellText(value: ReportValue, kind: ColumnKind, timeText: (at: string) => string): string {
  if (value === null) return NOTHING;
  if (typeof value === 'string') {
    if (kind === 'time') return timeText(value);
    return limited(value, kind === 'text' ? MAX_TEXT : MAX_NAME);
  }
  return numberText(value, kind);
}

function numberText(value: number, kind: ColumnKind): string {
  switch (kind) {
    case 'money':
      return formatMoney(value);
    case 'exact-money':
      return exactMoney(value);
    case 'duration':
      return formatDuration(value);
    case 'share':
      return `${(100 * value).toFixed(1)}%`;
    default:
      return formatCount(value);
  }
}

/** To the nano-dollar, without zeros at the end beyond the cent. */
export function exactMoney(dollars: number): string {
  const [whole = '0', part = ''] = dollars.toFixed(9).split('.');
  return `$${formatCount(Number(whole))}.${part.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** Cut before it is made safe, as it may be a megabyte long. */
export function limited(text: string, max: number): string {
  const characters = [...safeText(text.slice(0, 4 * max))];
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : characters.join('');
}

/** A sentence below the tables; there may be names of models in it. */
export const noteText = (note: string): string => limited(note, MAX_NOTE);
