/** Fields of lines that nobody parses: they are what the parser would give, whatever the lines hold and where they end. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashText } from '../../src/claude-code/hash-text.ts';
import { LineFields } from '../../src/claude-code/line-fields.ts';
import type { LinesRead } from '../../src/claude-code/line-visitor.ts';
import { hostileText } from '../helpers/arbitrary-requests.ts';

const numRuns = Number(process.env.PROPERTY_RUNS ?? 2000);
const PATHS = ['a', 'b.c', 'b.long_key_of_a_field', 'list', 'list[].name', 'list[].in.x', 'z'];
const KEYS = ['a', 'b', 'c', 'long_key_of_a_field', 'list', 'name', 'in', 'x', 'z', 'zz', 'B', 'long_key_of_a_fielD'];

interface Told {
  texts: (string | undefined)[];
  times: number[];
  numbers: (number | undefined)[];
  trues: boolean[];
  lengths: (number | undefined)[];
}

type Line = Told | 'damaged' | 'unsure';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/spanbook-test-`);
  return () => rmSync(folder, { recursive: true });
});

const fields = new LineFields(PATHS);

function read(path: string, from = 0, isWhole = true): { lines: Line[] } & LinesRead {
  const lines: Line[] = [];
  const onLine = (): void => {
    const all = PATHS.map((_, field) => field);
    lines.push({
      times: all.map(field => fields.time(field)),
      texts: all.map(field => fields.text(field)),
      numbers: all.map(field => fields.number(field)),
      trues: all.map(field => fields.isTrue(field)),
      lengths: all.map(field => fields.length(field)),
    });
  };
  const onUnsure = (): void => {
    lines.push('unsure');
  };
  const onDamaged = (): void => {
    lines.push('damaged');
  };
  const result = fields.read(path, from, { onLine, onUnsure, onDamaged, isWhole: () => isWhole });
  return { lines, ...result };
}

/** Lines that are asked for by what `a` says: the text of `z` of each, and the number that it was told with. */
const asked = new LineFields(PATHS, { path: 'a', texts: ['x', 'yy', 'z'.repeat(60)] });

function readAsked(content: string): (readonly [number, string | undefined] | 'damaged' | 'unsure')[] {
  const path = `${folder}/asked.jsonl`;
  writeFileSync(path, content);
  const lines: ReturnType<typeof readAsked> = [];
  asked.read(path, 0, {
    onLine: wanted => lines.push([wanted, asked.text(PATHS.indexOf('z'))]),
    onUnsure: () => lines.push('unsure'),
    onDamaged: () => lines.push('damaged'),
    isWhole: () => true,
  });
  return lines;
}

function readText(text: string | Buffer): Line[] {
  const path = `${folder}/lines.jsonl`;
  writeFileSync(path, text);
  return read(path).lines;
}

/** What a path leads to in a value; the last one, where lists lead to many. */
function valueAt(value: unknown, path: string): unknown {
  let found: unknown[] = [value];
  for (const key of path.replaceAll('[]', '.[]').split('.')) {
    found = found.flatMap(one => {
      if (key === '[]') return Array.isArray(one) ? one : [];
      const isObject = typeof one === 'object' && one !== null && !Array.isArray(one);
      return isObject && key in one ? [(one as Record<string, unknown>)[key]] : [];
    });
  }
  return found.at(-1);
}

function expected(value: unknown): Told {
  const values = PATHS.map(path => valueAt(value, path));
  return {
    texts: values.map(one => (typeof one === 'string' ? one.toWellFormed() : undefined)),
    times: values.map(one => Date.parse(typeof one === 'string' ? one : '')),
    numbers: values.map(one => (typeof one === 'number' ? one : undefined)),
    trues: values.map(one => one === true),
    lengths: values.map(one => (Array.isArray(one) ? one.length : undefined)),
  };
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
/** Times as clients write them, and some that are almost times. */
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .chain(date =>
      fc
        .nat(9)
        .chain(length => digits(length).map(more => date.toISOString().replace(/\.\d+Z$/, `${more && '.'}${more}Z`))),
    ),
  fc
    .tuple(digits(4), digits(2), digits(2), digits(2), digits(2), digits(2))
    .map(([y, m, d, h, min, s]) => `${y}-${m}-${d}T${h}:${min}:${s}Z`),
  fc
    .tuple(fc.nat(23), fc.constantFrom('x', '-', ':', '.', ' ', 'é'))
    .map(([at, other]) => `2026-11-26T20:52:47.123Z`.slice(0, at) + other + `2026-11-26T20:52:47.123Z`.slice(at + 1)),
);
const text = fc.oneof(
  time,
  hostileText,
  fc.string({ maxLength: 300 }),
  fc.nat(200).map(length => 'x'.repeat(length)),
  fc.tuple(fc.nat(70), fc.nat(9)).map(([before, slashes]) => `${'y'.repeat(before)}${'\\'.repeat(slashes)}"`),
);
const { value: anything } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(2 ** 53)),
    fc.constantFrom(null, true, false, '', {}, []),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 6, noNullPrototype: true }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));
const record = fc.dictionary(fc.constantFrom(...KEYS), anything, { noNullPrototype: true });
const spaced = (value: unknown): string => JSON.stringify(value, null, 2).replaceAll(/\n */g, ' \t');
const written = fc.tuple(record, fc.boolean()).map(([value, isSpaced]) => ({
  line: isSpaced ? spaced(value) : JSON.stringify(value),
}));

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

describe('fields of lines', () => {
  it('are what the parser would give', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 6 }), fc.boolean(), (lines, isEnded) => {
        const content = lines.map(({ line }) => line).join('\n') + (isEnded ? '\n' : '');
        expect(readText(content)).toEqual(lines.map(({ line }) => expected(JSON.parse(line))));
      }),
      { numRuns },
    );
  });

  it('are told of lines that are JSON, and of no others', () => {
    const broken = fc
      .tuple(written, fc.nat(), fc.constantFrom('', '"', '{', '}', ',', '\\', '0', '-', '.', 'e', 't', '\u0001', 'é'))
      .chain(([{ line }, at, put]) => fc.nat(3).map(cut => ({ line, place: at % (line.length + 1), put, cut })))
      .map(({ line, place, put, cut }) => line.slice(0, place) + put + line.slice(place + cut))
      // What stands behind a backslash is looked at only when a text is asked for.
      .filter(line => line.trim() !== '' && !/\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(line));
    let damaged = 0;
    fc.assert(
      fc.property(broken, record, (line, next) => {
        const [first, second] = readText(`${line}\n${JSON.stringify(next)}\n`);
        if (first === 'damaged') damaged++;
        if (first === 'damaged') expect(isJson(line)).toBe(false);
        else if (first !== 'unsure') expect(first).toEqual(expected(JSON.parse(line)));
        expect(second).toEqual(expected(JSON.parse(JSON.stringify(next))));
      }),
      { numRuns },
    );
    expect(damaged).toBeGreaterThan(numRuns / 10);
  });

  it('are found in lines that are longer than what is read at once', () => {
    const long = 'é"\\'.repeat(300_000);
    const lines = [{ a: 'first' }, { b: { c: 5 }, skipped: long, z: 'behind' }, { a: long }, { z: 'last' }];
    const told = readText(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
    expect(told.map(line => (line as Told).texts.map(one => one?.length))).toEqual(
      [5, undefined, 65_536, undefined].map((a, index) => {
        const z = [undefined, 6, undefined, 4][index];
        return [a === 65_536 ? expect.any(Number) : a, undefined, undefined, undefined, undefined, undefined, z];
      }),
    );
  });

  it('are not told of half a line, which is read once it is whole', () => {
    const path = `${folder}/growing.jsonl`;
    writeFileSync(path, '{"a":"one"}\n{"a":"tw');
    const first = read(path);
    expect([first.lines.length, first.offset]).toEqual([1, 12]);
    appendFileSync(path, 'o"}');
    expect(read(path, first.offset, false)).toMatchObject({ lines: [], offset: 12 });
    const second = read(path, first.offset);
    expect(second).toMatchObject({ lines: [{ texts: ['two', ...Array(6).fill(undefined)] }], offset: 23 });
  });

  it('counts what is no JSON, and passes blank lines by', () => {
    const lines = [
      '{"a":"x"}',
      '',
      'nothing',
      '{"a":"x"}{"a":"y"}',
      '{"a":"x",}',
      '{"a":01}',
      '{"a":tru}',
      '[',
      '{}',
      '7',
    ];
    const answers = readText(`${lines.join('\n')}\n`);
    expect(answers.map(one => one === 'damaged')).toEqual([false, true, true, true, true, true, true, false, false]);
  });

  it('counts a text that is asked for and cannot be read', () => {
    const lines = ['{"a":"C:\\Users"}', '{"a":"\\u12x4"}', '{"zz":"C:\\Users","a":"x"}', '{"a":"C:\\\\Users"}'];
    expect(readText(`${lines.join('\n')}\n`)).toEqual([
      'damaged',
      'damaged',
      expected({ a: 'x' }),
      expected({ a: 'C:\\Users' }),
    ]);
  });

  it('leaves half a line that must be parsed for when it is whole', () => {
    const path = `${folder}/unsure.jsonl`;
    writeFileSync(path, '{"a":"x","\\u0062":1,"lis');
    expect(read(path)).toMatchObject({ lines: [], offset: 0 });
    appendFileSync(path, 't":[]}');
    expect(read(path)).toMatchObject({ lines: ['unsure'], offset: 30 });
  });

  it('leaves a line whose keys are written in another way than they are to the parser', () => {
    expect(readText('{"\\u0061":"x"}\n{"a":"y"}\n')).toEqual(['unsure', expected({ a: 'y' })]);
    expect(readText(`${'['.repeat(10_000)}${']'.repeat(10_000)}\n`)).toEqual(['unsure']);
  });

  it('are asked for by what one of them says', () => {
    const texts = ['x', 'yy', 'z'.repeat(60)];
    const said = fc.constantFrom<unknown>(
      ...texts,
      'xx',
      'y',
      'z'.repeat(61),
      'é',
      '',
      'x'.repeat(200),
      7,
      null,
      ['x'],
      {
        a: 'x',
      },
    );
    const filler = fc.nat(4).map(size => 'f'.repeat(size * 100_000));
    const line = fc.record({ zz: filler, a: said, z: fc.string({ unit: 'grapheme-ascii', maxLength: 9 }) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 9 }), fc.boolean(), (lines, isEnded) => {
        const content = lines.map(one => JSON.stringify(one)).join('\n') + (isEnded ? '\n' : '');
        const wanted = lines.flatMap(({ a, z }, index) => {
          const number = texts.indexOf(a as string) + 1;
          // The last one is told whatever it says, if its line end is missing.
          return number > 0 ? [[number, z]] : !isEnded && index === lines.length - 1 ? [[0, z]] : [];
        });
        expect(readAsked(content)).toEqual(wanted);
      }),
      { numRuns: numRuns / 10 },
    );
  });

  it('are asked for by the host where the module cannot tell what they say', () => {
    const lines = ['{"a":"\\u0078","z":"1"}', '{"\\u0061":"x"}', '{"a":"no"}', 'no', '{"a":"x","z":"2"}'];
    expect(readAsked(`${lines.join('\n')}\n`)).toEqual([[0, '1'], 'unsure', 'damaged', [1, '2']]);
  });

  it('have numbers that are those of their texts', () => {
    const path = `${folder}/hash.jsonl`;
    const ids = fc.array(fc.string({ unit: fc.constantFrom(...'toolu_01Ab-'), maxLength: 40 }), { maxLength: 5 });
    fc.assert(
      fc.property(ids, all => {
        writeFileSync(path, all.map(a => `${JSON.stringify({ a })}\n`).join(''));
        const told: (number | undefined)[] = [];
        const onLine = (): void => void told.push(fields.hash(0));
        fields.read(path, 0, { onLine, onUnsure() {}, onDamaged() {}, isWhole: () => true });
        expect(told).toEqual(all.map(hashText));
      }),
      { numRuns: numRuns / 10 },
    );
    expect(hashText('a')).not.toBe(hashText('b'));
  });
});
