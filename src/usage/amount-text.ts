/** Money and counts in sentences. */

export const NANO_PER_USD = 1_000_000_000;

/** Nano-dollars for people, as tables show them: `$12.34`, `$1,234.50`; below a dollar four decimals, `$0.0327`. */
export function usdText(nano: number): string {
  const usd = nano / NANO_PER_USD;
  if (usd === 0 || usd >= 0.99995) {
    const [whole = '', cents = ''] = usd.toFixed(2).split('.');
    return `$${countText(Number(whole))}.${cents}`;
  }
  return usd < 0.00005 ? '<$0.0001' : `$${usd.toFixed(4)}`;
}

/** A whole number with commas: `1,234,567`. Not by the locale: it would load all of Intl. */
export const countText = (count: number): string => String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
