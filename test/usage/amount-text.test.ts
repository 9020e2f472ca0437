/** Money and counts in sentences look as they do in tables. */
import { describe, expect, it } from 'vitest';
import { formatMoney } from '../../src/model/format-amount.ts';
import { countText, usdText } from '../../src/usage/amount-text.ts';

describe('amounts', () => {
  it.each([
    0, 1, 49_999, 50_000, 100_000, 32_778_000, 999_949_999, 999_950_000, 1e9, 12.345e9, 1234.5e9, 1_234_567.891e9,
  ])('%d nano-dollars are what a table shows', nano => {
    expect(usdText(nano)).toBe(formatMoney(nano / 1e9));
  });

  it('of a thousand and more have commas', () => {
    expect([999, 1000, 1234567.4].map(countText)).toEqual(['999', '1,000', '1,234,567']);
    expect(usdText(1_234_567.891e9)).toBe('$1,234,567.89');
  });
});
