/** Money, counts and shares for people. */

/** `$12.34`, `$1,234.50`; below a dollar four decimals: `$0.0327`; `<$0.0001` for what is less than that. */
export function formatMoney(dollars: number): string {
  const nano = Math.round(dollars * 1e9);
  if (nano === 0) return '$0.00';
  if (nano < 50_000) return '<$0.0001';
  // Rounded as whole numbers first: 0.99996 is a dollar, not "$1.0000".
  const fine = Math.round(nano / 100_000);
  if (fine < 10_000) return `$0.${String(fine).padStart(4, '0')}`;
  const cents = Math.round(nano / 10_000_000);
  return `$${formatCount(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;
}

/** `1,234,567`. Not by the locale: it would load all of Intl. */
export const formatCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');

const UNITS = ['', 'K', 'M', 'G', 'T', 'P'];

/** At most six characters: `9,999`, `12.3K`, `123.4M`. */
export function formatShort(count: number): string {
  if (count < 10_000) return formatCount(count);
  let unit = 0;
  let value = count;
  // By what it would be rounded to: 999,960 is "1.0M", not "1000.0K".
  while (Math.round(value * 10) >= 10_000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)}${UNITS[unit]}`;
}
