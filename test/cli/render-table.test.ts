import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTable, type Table, type TableColumn } from '../../src/cli/render-table.ts';
import { styleOf } from '../../src/cli/style.ts';
import { textWidth } from '../../src/cli/text-width.ts';
import { wrapText } from '../../src/cli/wrap-text.ts';

const styleFor = (columns: number, env = {}) => styleOf({ env, isTty: false, columns });
const column = (title: string, cells: readonly string[], more: Partial<TableColumn> = {}): TableColumn => ({
  title,
  cells: cells.map(text => ({ text })),
  ...more,
});

const table: Table = {
  columns: [
    column('Name', ['a', 'a longer name'], { cut: 'end', total: 'Total' }),
    column('Cache\nread', ['1', '1,234'], { align: 'right', total: '1,235', spare: 2 }),
    column('Cost', ['$1.00', '$2.00'], { align: 'right', total: '$3.00' }),
  ],
  bars: [0.5, 1],
};

describe('a table', () => {
  it('is as wide as its content, with titles above and totals below', () => {
    expect(renderTable(styleFor(60), table)).toEqual([
      '               Cache',
      'Name            read   Cost',
      'a                  1  $1.00  ██████████',
      'a longer name  1,234  $2.00  ████████████████████',
      'Total          1,235  $3.00',
    ]);
  });

  it('draws parts of a character, and something for what is not nothing', () => {
    const bars = [0, 0.0001, 0.1, 0.33];
    const lines = renderTable(styleFor(40), { columns: [column('A', ['a', 'b', 'c', 'd'])], bars });
    expect(lines.slice(1)).toEqual(['a', 'b  ▏', 'c  ██', 'd  ██████▋']);
  });

  it('is plain where the terminal is', () => {
    const lines = renderTable(styleFor(40, { LANG: 'C' }), { ...table, bars: [0.25, 1] });
    expect(lines.at(-2)).toBe('a longer name  1,234  $2.00  ###########');
  });

  it('gives up what it can do without, then cuts names', () => {
    const name = column('Name', ['n'.repeat(60), 'b'], { cut: 'end' });
    const extra = column('Extra', ['1', '2'], { align: 'right', spare: 3 });
    const columns = [name, ...table.columns.slice(1), extra];
    expect(renderTable(styleFor(40), { ...table, columns })).toEqual([
      `${' '.repeat(28)}Cache`,
      `Name${' '.repeat(25)}read   Cost`,
      `${'n'.repeat(25)}…      1  $1.00`,
      `b${' '.repeat(27)}1,234  $2.00`,
      `${' '.repeat(28)}1,235  $3.00`,
    ]);
  });

  it('keeps the end of a path', () => {
    const path = column('Project', [`/home/dev/${'x/'.repeat(30)}shop`], { cut: 'start' });
    const [, line = ''] = renderTable(styleFor(40), { columns: [path] });
    expect(line).toMatch(/^….*\/shop$/);
    expect(textWidth(line)).toBe(40);
  });

  it('is never wider than the terminal, whatever is in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 50 }).map(value => value.replace(/[^\p{L}\p{N} ]/gu, ''));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 40, max: 120 }),
        fc.boolean(),
        (names, columns, hasBars) => {
          const lines = renderTable(styleFor(columns), {
            columns: [
              column(
                'One',
                names.map(([one]) => one),
                { cut: 'end', total: 'Total' },
              ),
              column(
                'Two',
                names.map(([, two]) => two),
                { cut: 'start' },
              ),
              column(
                'Count',
                names.map((_, index) => String(index)),
                { align: 'right', total: '1' },
              ),
            ],
            bars: hasBars ? names.map((_, index) => index / 4) : undefined,
          });
          for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
          expect(lines).toHaveLength(names.length + 2);
        },
      ),
    );
  });
});

describe('wrapping', () => {
  it('breaks at spaces, and inside a word only if it is too long', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
  });

  it('loses nothing and stays within the width', () => {
    const words = fc.array(fc.stringMatching(/^[a-zé漢]{1,30}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 40 }), (parts, columns) => {
        const lines = wrapText(parts.join(' '), columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(parts.join(''));
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
