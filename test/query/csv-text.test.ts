import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvText } from '../../src/query/csv-text.ts';
import { parseCsv } from '../helpers/parse-csv.ts';

describe('a cell', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    [null, ''],
    [0, '0'],
    [-12.5, '-12.5'],
    [0.032778, '0.032778'],
    [1e-9, '0.000000001'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    [' edge', '" edge"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['\n=1', '"\'\n=1"'],
    ['＝1', "'＝1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['/deploy', '/deploy'],
    ['a=1', 'a=1'],
  ])('%j is %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('never begins a formula, and says what it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite' }), text => {
        const [[cell = ''] = []] = parseCsv(`${csvCell(text)}\r\n`);
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect([text, `'${text}`]).toContain(cell);
      }),
    );
  });
});

describe('a table', () => {
  it('has a header and ends every line with CRLF', () => {
    expect(
      csvText({
        header: ['a', 'b'],
        rows: [
          [1, null],
          ['x', 'y'],
        ],
      }),
    ).toBe('a,b\r\n1,\r\nx,y\r\n');
  });

  it('shows control characters as escapes', () => {
    expect(csvText({ header: ['a'], rows: [['\x1b[2J'], ['\ttab']] })).toBe('a\r\n\\x1b[2J\r\n\\x09tab\r\n');
  });

  it('is read back as it was', () => {
    const cell = fc.oneof(fc.integer(), fc.stringMatching(/^[a-z,"é ]*$/));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 })), rows => {
        const text = csvText({ header: ['a', 'b'], rows });
        expect(parseCsv(text)).toEqual([['a', 'b'], ...rows.map(row => row.map(String))]);
      }),
    );
  });
});
