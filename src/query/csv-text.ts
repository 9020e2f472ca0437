/** Tables as CSV (RFC 4180): a header, commas, CRLF. */
import { safeText } from './safe-text.ts';

/** Null is an empty cell. */
export type CsvValue = string | number | null;

export interface CsvTable {
  header: readonly string[];
  rows: readonly (readonly CsvValue[])[];
}

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** One cell. Numbers stay numbers, also negative ones; a text that would be a formula gets a quote mark before it. */
export function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return plainNumber(value);
  const text = isFormula(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet takes for the beginning of a formula, also in full width and behind control characters. */
const isFormula = (text: string): boolean => /^(?:[\t\r]|[\s\p{Cc}]*[=+\-@＝＋－＠])/u.test(text);

/** The whole table. Control characters in names are shown as escapes, as everywhere outside of JSON. */
export function csvText({ header, rows }: CsvTable): string {
  const cells = (row: readonly CsvValue[]): string =>
    row.map(value => csvCell(typeof value === 'string' ? safeText(value) : value)).join(',');
  return [header, ...rows].map(row => `${cells(row)}\r\n`).join('');
}

/** Without an exponent, which not every reader knows. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}
