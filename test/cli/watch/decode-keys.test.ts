import { describe, expect, it } from 'vitest';
import { decodeKeys, settleKeys } from '../../../src/cli/watch/decode-keys.ts';

describe('decodeKeys', () => {
  it.each([
    ['j', ['j']],
    ['\x1b[A\x1b[B\x1bOC\x1bOD', ['up', 'down', 'right', 'left']],
    ['\x1b[5~\x1b[6~\x1b[1~\x1b[F', ['pageup', 'pagedown', 'home', 'end']],
    ['\x1b[1;5A', ['up']],
    ['\r\x7f\x03\x1a\x0c', ['enter', 'backspace', 'ctrl-c', 'ctrl-z', 'ctrl-l']],
    ['é🚀', ['é', '🚀']],
    ['\x1bq', ['escape', 'q']],
    // Nobody asked for these: a mouse, a paste, a function key, another control code.
    ['\x1b[<0;1;1M\x1b[200~x\x1b[15~\x01', ['x']],
  ])('reads %j', (input, keys) => {
    expect(decodeKeys(input)).toEqual({ keys, rest: '' });
  });

  it('keeps the beginning of a sequence until the rest of it comes', () => {
    const { keys, rest } = decodeKeys('j\x1b[');
    expect([keys, rest]).toEqual([['j'], '\x1b[']);
    expect(decodeKeys(`${rest}A`)).toEqual({ keys: ['up'], rest: '' });
  });

  it('takes what stays alone as Escape', () => {
    expect(settleKeys(decodeKeys('\x1b').rest)).toEqual(['escape']);
    expect(settleKeys('')).toEqual([]);
  });
});
