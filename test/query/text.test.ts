import { expect, it } from 'vitest';
import { camelCase } from '../../src/query/camel-case.ts';
import { formatDuration } from '../../src/query/format-duration.ts';
import { safeText } from '../../src/query/safe-text.ts';

it.each([
  ['\x1b[31mred', '\\x1b[31mred'],
  ['two\nlines\tand\r', 'two\\x0alines\\x09and\\x0d'],
  ['\x7f \x9b', '\\x7f \\x9b'],
  ['\u202eevil', '\\u202eevil'],
  ['a\u200bb\u200fc\u2066d\u2069e\u2028f\ufeff', 'a\\u200bb\\u200fc\\u2066d\\u2069e\\u2028f\\ufeff'],
  ['tag \u{e0041}', 'tag \\u{e0041}'],
  ['half \ud800', 'half \ufffd'],
  ['Größe 漢字 עברית 🚀 (100 %)', 'Größe 漢字 עברית 🚀 (100 %)'],
])('shows %j as %j', (given, shown) => {
  expect(safeText(given)).toBe(shown);
});

it('lets nothing through that moves a cursor or hides', () => {
  const ranges = [
    [0, 0x1f],
    [0x7f, 0x9f],
    [0x200b, 0x200f],
    [0x202a, 0x202e],
    [0x2060, 0x2069],
    [0xfeff, 0xfeff],
    [0xe0000, 0xe007f],
  ] as const;
  for (const [from, to] of ranges) {
    for (let code = from; code <= to; code++) expect(safeText(String.fromCodePoint(code))).toMatch(/^\\[xu]/);
  }
});

it.each([
  [0, '0ms'],
  [750, '750ms'],
  [999.6, '1.0s'],
  [12_340, '12.3s'],
  [59_940, '59.9s'],
  [59_960, '1m 00s'],
  [242_000, '4m 02s'],
  [3_599_999, '59m 59s'],
  [3_600_000, '1h 00m'],
  [3_780_000, '1h 03m'],
  [86_400_000, '1d 00h'],
])('writes %d ms as %s', (millis, text) => {
  expect(formatDuration(millis)).toBe(text);
});

it('converts keys to camelCase, but not what came from outside', () => {
  const event = {
    event_id: 'a',
    error: { recovery: { next_step: 1 } },
    attributes: { tool_name: 'Bash' },
    outputs: { files_created: 10 },
    usage: [{ cache_write_5m_tokens: 1 }],
  };
  expect(camelCase(event)).toEqual({
    eventId: 'a',
    error: { recovery: { next_step: 1 } },
    attributes: { tool_name: 'Bash' },
    outputs: { files_created: 10 },
    usage: [{ cacheWrite5mTokens: 1 }],
  });
});
