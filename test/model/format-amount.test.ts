import { expect, it } from 'vitest';
import { formatCount, formatMoney, formatShort } from '../../src/model/format-amount.ts';

it.each([
  [0, '$0.00'],
  [1e-9, '<$0.0001'],
  [0.00004, '<$0.0001'],
  [0.00005, '$0.0001'],
  [0.032778, '$0.0328'],
  [0.0327, '$0.0327'],
  [0.5, '$0.5000'],
  [0.99994, '$0.9999'],
  [0.99996, '$1.00'],
  [1.005, '$1.01'],
  [12.344, '$12.34'],
  [1234.5, '$1,234.50'],
  [9_999_999.999, '$10,000,000.00'],
])('%d dollars are %s', (dollars, text) => {
  expect(formatMoney(dollars)).toBe(text);
});

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1_234_567, '1,234,567'],
])('%d is %s in full', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

it.each([
  [0, '0'],
  [9999, '9,999'],
  [10_000, '10.0K'],
  [999_949, '999.9K'],
  [999_950, '1.0M'],
  [123_456_789, '123.5M'],
  [1_000_000_000, '1.0G'],
  [5e12, '5.0T'],
])('%d is %s in short', (count, text) => {
  expect(formatShort(count)).toBe(text);
  expect(text.length).toBeLessThanOrEqual(6);
});
