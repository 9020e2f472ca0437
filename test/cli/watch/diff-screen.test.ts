import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/cli/text-width.ts';
import { diffScreen } from '../../../src/cli/watch/diff-screen.ts';
import { lineText, type ScreenLine, screenLine } from '../../../src/cli/watch/screen-line.ts';
import { UTF8 } from '../../helpers/watch-snapshots.ts';

const COLUMNS = 24;
const page = { columns: COLUMNS, rows: 3, marks: UTF8 };
const words = fc.constantFrom('', 'a', 'bc', 'e\u0301x', '名前', '🚀', 'a longer one that is cut', '12s');
const line = fc
  .record({
    left: fc.array(words, { maxLength: 3 }),
    right: fc.array(fc.constantFrom('1s', '22', '  '), { maxLength: 2 }),
  })
  .map(({ left, right }) =>
    screenLine(
      page,
      left.map(text => ({ text })),
      right.map(text => ({ text })),
    ),
  );
const screen = fc.array(line, { minLength: 3, maxLength: 3 });

/** A terminal that knows the few codes that are used, and the widths as we do. */
class FakeTerminal {
  readonly rows = Array.from({ length: 3 }, () => Array.from({ length: COLUMNS }, () => ' '));

  write(text: string): void {
    let row = 0;
    let column = 0;
    for (const [, code, character = ''] of text.matchAll(/(\x1b\[[\d;?]*[A-Za-z])|(.\p{M}*)/gsu)) {
      const [, numbers = '', final] = /^\x1b\[([\d;?]*)([A-Za-z])$/.exec(code ?? '') ?? [];
      if (final === 'H')
        [row, column] = numbers === '' ? [0, 0] : (numbers.split(';').map(n => Number(n) - 1) as [number, number]);
      if (final === 'G') column = Number(numbers) - 1;
      if (final === 'J') for (const cells of this.rows) cells.fill(' ');
      const cells = this.rows[row];
      if (code || !cells) continue;
      const width = textWidth(character);
      cells[column] = character;
      if (width === 2) cells[column + 1] = '';
      column += width;
    }
  }

  get text(): string[] {
    return this.rows.map(cells => cells.join(''));
  }
}

describe('diffScreen', () => {
  it('turns any screen into any other', () => {
    fc.assert(
      fc.property(fc.array(screen, { minLength: 1, maxLength: 5 }), screens => {
        const terminal = new FakeTerminal();
        let shown: readonly ScreenLine[] | null = null;
        for (const lines of screens) {
          terminal.write(diffScreen(shown, lines, { color: false }));
          shown = lines;
          expect(terminal.text).toEqual(lines.map(lineText));
        }
      }),
    );
  });

  it('says nothing where nothing changed, and little where a clock did', () => {
    const at = (time: string): ScreenLine[] => [
      screenLine(page, [{ text: 'a name', color: 'bold' }], [{ text: time }]),
      screenLine(page, [{ text: 'another' }]),
    ];
    expect(diffScreen(at('12s'), at('12s'), { color: true })).toBe('');
    expect(diffScreen(at('12s'), at('13s'), { color: true })).toBe('\x1b[?2026h\x1b[1;22H13s\x1b[?2026l');
  });

  it('uses no colour where there is none, and shows what is chosen all the same', () => {
    const lines = [
      [
        { text: 'x', width: 1, color: 'red' as const },
        { text: 'y', width: 1, inverse: true },
      ],
    ];
    expect(diffScreen(null, lines, { color: false })).not.toContain('\x1b[31m');
    expect(diffScreen(null, lines, { color: false })).toContain('\x1b[7my\x1b[0m');
    expect(diffScreen(null, lines, { color: true })).toContain('\x1b[31mx');
  });
});
