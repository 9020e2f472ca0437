/** Every stored id hangs on these values: if one changes, old states fall apart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endEventId,
  hash128,
  noteIdOf,
  randomId,
  spanIdOf,
  spanOfEventId,
  startEventId,
  traceIdOf,
} from '../../src/model/ids.ts';

const PROMPT = '8bc31557-edd6-449d-a871-275826498b7d';

describe('hash128', () => {
  it.each([
    ['', '00000000000000000000000000000000'],
    ['hello', '2b2444a0db91def79adb31b69adb31b6'],
    ['The quick brown fox jumps over the lazy dog', '2f1583c3ecee2c675d7bf66ce5e91d2c'],
    [PROMPT, '4be3e65821edbaceef1bd6934a2d5fe9'],
    ['é😀', '5f651b6d43af443f1b6ff0b41b6ff0b4'],
  ])('of %j is %s', (text, hash) => {
    expect(hash128(text)).toBe(hash);
  });

  it('gives 32 hex digits for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => /^[0-9a-f]{32}$/.test(hash128(text))));
  });
});

describe('derived ids', () => {
  it('are pinned', () => {
    expect({
      trace: traceIdOf(PROMPT),
      command: spanIdOf('command', PROMPT),
      agent: spanIdOf('agent', `a6813471a309ec7a6\n${PROMPT}`),
      skill: spanIdOf('skill', 'toolu_1'),
      note: noteIdOf('tool_failure', 'toolu_1'),
      end: endEventId('00f067aa0ba902b7'),
    }).toEqual({
      trace: '2c60c7787b143f4fc2fb10fa8ef4060e',
      command: '5ab1155f414faf7e',
      agent: '86640f706c940f76',
      skill: '3f039334fad9fbee',
      note: '241e3b4ec95ae0aa',
      end: 'evt-17fb0481d3283ca7',
    });
  });

  it('lead from the event of a start back to its span', () => {
    expect(spanOfEventId(startEventId('00f067aa0ba902b7'))).toBe('00f067aa0ba902b7');
    expect(spanOfEventId('00f067aa0ba902b7')).toBe('00f067aa0ba902b7');
    expect(spanOfEventId('evt-nothing')).toBeNull();
  });
});

describe('randomId', () => {
  it.each([16, 32] as const)('gives %i hex digits, another each time', digits => {
    const ids = Array.from({ length: 1000 }, () => randomId(digits));
    for (const id of ids) expect(id).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
