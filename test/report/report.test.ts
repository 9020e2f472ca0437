/** Every format of the report, of the recorded session and of a state in which every name is hostile. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safeText } from '../../src/query/safe-text.ts';
import { TABLE_IDS } from '../../src/report/table-ids.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { readZip } from '../helpers/read-zip.ts';
import { HOSTILE_NAMES, hostileState, type ReportState, recordedState } from '../helpers/report-state.ts';
import { cli, cliJson } from '../helpers/run-cli.ts';

const folder = mkdtempSync(`${tmpdir()}/spanbook-report-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const states: Record<string, ReportState> = {};
beforeAll(async () => {
  states.hostile = hostileState(`${folder}/hostile`);
  states.recorded = await recordedState(`${folder}/recorded`);
}, 120_000);

const FORMATS = ['html', 'pdf', 'csv', 'xlsx', 'md', 'json'] as const;
type Format = (typeof FORMATS)[number];

const made = new Map<string, Promise<Buffer>>();

/** Made once for all tests. */
function report(name: string, format: Format, ...more: string[]): Promise<Buffer> {
  const key = [name, format, ...more].join(' ');
  const before = made.get(key);
  if (before) return before;
  const file = `${folder}/${made.size}.${format}`;
  const bytes = cli(['report', '--format', format, '--out', file, ...optionsOf(name), ...more], worldOf(name)).then(
    ({ code, err }) => {
      expect({ code, err }).toEqual({ code: 0, err: '' });
      return readFileSync(file);
    },
  );
  made.set(key, bytes);
  return bytes;
}

const stateOf = (name: string): ReportState => states[name] ?? { stateDir: '', claudeDir: '', now: 0 };
const optionsOf = (name: string): string[] => {
  const { stateDir, claudeDir } = stateOf(name);
  return ['--state-dir', stateDir, '--claude-dir', claudeDir, '--tz', 'UTC'];
};
const worldOf = (name: string) => ({ now: () => stateOf(name).now, env: { HOME: '/nonexistent' } });

interface Totals {
  totals: Record<string, number>;
}

const totalsOf = async (name: string): Promise<Record<string, number>> => {
  const since = ['--since', new Date(stateOf(name).now - 29 * 86_400_000).toISOString().slice(0, 10)];
  const answer = (await cliJson(['usage', 'totals', ...since, ...optionsOf(name)], worldOf(name))) as Totals;
  return answer.totals;
};

const counted = (count: number | undefined): string => (count ?? Number.NaN).toLocaleString('en-US');
const inPdf = (pdf: Buffer): string => {
  const { stdout, status } = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
  return status === 0 ? stdout : '';
};
const hasPdfTools = spawnSync('pdftotext', ['-v']).error === undefined;

describe.each(['recorded', 'hostile'])('the report of the %s state', name => {
  it('has the totals of the command line in every format, to the token and to the nano-dollar', async () => {
    const totals = await totalsOf(name);
    expect(totals.requests).toBeGreaterThan(10);
    const json = JSON.parse(String(await report(name, 'json')));
    expect(json.totals).toEqual(totals);
    const tokens = [totals.total_tokens_input, totals.total_tokens_cache_read, totals.total_tokens_output];
    const cost = String(totals.total_cost);
    for (const format of ['html', 'md'] as const) {
      const text = String(await report(name, format))
        .replaceAll('\\', '')
        .replaceAll('&#36;', '$');
      for (const count of [...tokens, totals.requests]) expect(text).toContain(counted(count));
      expect(text).toContain(`$${cost} at list prices`);
    }
    const rows = parseCsv(String(await report(name, 'csv')));
    const sum = (column: string): number => {
      const at = rows[0]?.indexOf(column) ?? -1;
      return rows.slice(1).reduce((before, row) => before + Math.round(Number(row[at]) * 1e9), 0);
    };
    expect(sum('input_tokens')).toBe((totals.total_tokens_input ?? 0) * 1e9);
    expect(sum('cost')).toBe(Math.round((totals.total_cost ?? 0) * 1e9));
    const summary = readZip(await report(name, 'xlsx')).get('xl/worksheets/sheet1.xml') ?? '';
    for (const value of [cost, ...tokens]) expect(summary).toContain(`<v>${value}</v>`);
  });

  it.skipIf(!hasPdfTools)('has them in the pdf', async () => {
    const totals = await totalsOf(name);
    const text = inPdf(await report(name, 'pdf'));
    for (const count of [totals.total_tokens_input, totals.total_tokens_output, totals.total_tokens_cache_read]) {
      expect(text).toContain(counted(count));
    }
    expect(text).toContain(`$${totals.total_cost} at list prices`);
  });

  it('is the same every time', async () => {
    for (const format of ['html', 'md', 'csv', 'json'] as const) {
      expect(await report(name, format, '--project', '')).toEqual(await report(name, format, '--project='));
    }
  });

  it('is no larger than a mail takes', async () => {
    for (const format of ['html', 'pdf', 'xlsx', 'md'] as const) {
      expect((await report(name, format)).length).toBeLessThan(2_000_000);
    }
  });
});

describe('the html', () => {
  it.each(['recorded', 'hostile'])(
    'of the %s state has no script, no handler, no address, and one style',
    async name => {
      const text = String(await report(name, 'html'));
      const tags = text.match(/<[a-z!/][^>]*>/gi) ?? [];
      expect(tags.length).toBeGreaterThan(300);
      for (const tag of tags) {
        expect(tag).not.toMatch(/^<(?:script|iframe|object|embed|form|link|base|img|foreignObject)\b/i);
        // Inside quotes stands text; what is left is the names of attributes.
        expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\s(?:on\w+|srcdoc|src)=/i);
        if (/\shref=/.test(tag)) expect(tag).toMatch(/\shref="#[a-z-]+"/);
      }
      expect(tags.filter(tag => tag.startsWith('<style'))).toHaveLength(1);
      expect(text).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;;`);
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202a-\u202e]/);
    },
  );

  it('closes what it opens', async () => {
    const open: string[] = [];
    for (const [, slash, tag = '', rest = ''] of String(await report('hostile', 'html')).matchAll(
      /<(\/?)([a-z][a-z0-9]*)((?:\s[^>]*)?)>/g,
    )) {
      if (['meta', 'br'].includes(tag) || rest.endsWith('/')) continue;
      if (slash) expect(open.pop()).toBe(tag);
      else open.push(tag);
    }
    expect(open).toEqual([]);
  });

  it('shows names as text', async () => {
    const text = String(await report('hostile', 'html'));
    expect(text).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    expect(text).toContain('abc\\u202egnp.exe');
    expect(text).toContain('日本語のエージェント 😀');
  });
});

describe('the markdown', () => {
  it('has tables in which every row has as many cells as its head', async () => {
    for (const name of ['recorded', 'hostile']) {
      const lines = String(await report(name, 'md')).split('\n');
      let cells = 0;
      for (const line of lines) {
        const count = line.startsWith('|') ? line.replaceAll(/\\./g, '').split('|').length : 0;
        if (count > 0 && cells > 0) expect(count, line).toBe(cells);
        cells = count;
      }
      expect(lines.filter(line => line.startsWith('|')).length).toBeGreaterThan(30);
    }
  });

  it('has no html, no link, no code and no mention in it', async () => {
    const text = String(await report('hostile', 'md')).replaceAll(/\\./g, '');
    expect(text).not.toMatch(/[<>`@]|\]\(|https?:\/\/|\bwww\./);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });
});

describe('the workbook', () => {
  it.each(['recorded', 'hostile'])('of the %s state has no formula, and every sheet is whole', async name => {
    const files = readZip(await report(name, 'xlsx'));
    const sheets = [...files].filter(([path]) => path.startsWith('xl/worksheets/sheet'));
    expect(sheets.length).toBeGreaterThan(12);
    for (const [path, xml] of sheets) {
      expect(xml, path).not.toMatch(/<f[ >/]|<hyperlink/);
      expect(xml, path).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f]/);
      expect(xml.match(/<c /g)?.length, path).toBe((xml.match(/<\/c>|<c [^>]*\/>/g) ?? []).length);
    }
    expect([...files.keys()].filter(path => /external|vba|embed/i.test(path))).toEqual([]);
  });

  it('has names as texts, counts as numbers and days as dates', async () => {
    const files = readZip(await report('hostile', 'xlsx'));
    const all = [...files.values()].join('\n');
    expect(all).toMatch(/<t[^>]*>=HYPERLINK\(/);
    expect(all).toContain('&lt;script&gt;alert(1)');
    const book = files.get('xl/workbook.xml') ?? '';
    const names = [...book.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(match => match[1]);
    expect(names.slice(0, 4)).toEqual(['Summary', 'Daily', 'Models', 'Stages']);
    const daily = files.get('xl/worksheets/sheet2.xml') ?? '';
    // 2026-11-20 as Excel counts days.
    expect(daily).toMatch(/<c r="A\d+"[^>]*><v>46346<\/v>/);
  });
});

describe('the csv', () => {
  it.each(TABLE_IDS)('of %s has a head, rows of the same length, and no formula', async table => {
    const [head = [], ...rows] = parseCsv(String(await report('hostile', 'csv', '--table', table)));
    expect(head.length).toBeGreaterThan(4);
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) {
      expect(row).toHaveLength(head.length);
      for (const cell of row) {
        if (/^[=+@-]/.test(cell)) expect(Number.isNaN(Number(cell))).toBe(false);
      }
    }
  });

  it('of models leaves the cost open where no price is known', async () => {
    const [head = [], ...rows] = parseCsv(String(await report('hostile', 'csv', '--table', 'models')));
    const at = head.indexOf('cost');
    expect(rows.map(row => row[at]).filter(cost => cost === '').length).toBeGreaterThan(3);
    expect(rows.map(row => row[at])).not.toContain('0');
  });

  it('of runs has them all', async () => {
    const rows = parseCsv(String(await report('hostile', 'csv', '--table', 'runs')));
    expect(rows).toHaveLength(1 + HOSTILE_NAMES.length);
  });
});

describe('the pdf', () => {
  it.each(['recorded', 'hostile'])('of the %s state is whole', async name => {
    const pdf = await report(name, 'pdf');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.subarray(-6).toString().trim()).toBe('%%EOF');
    const text = pdf.toString('latin1');
    expect(text).not.toMatch(/\/(?:JavaScript|JS|Launch|EmbeddedFile|URI|OpenAction)\b/);
    expect(text.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(2);
    expect(text).toContain('/Outlines');
  });

  it.skipIf(!hasPdfTools)('shows what its font lacks as escapes', async () => {
    const text = inPdf(await report('hostile', 'pdf')).replaceAll(/\s/g, '');
    expect(text).toContain('\\u{65e5}');
    expect(text).toContain('<script>alert(1)</script>');
    expect(text).not.toContain('日');
    expect(text).toContain(safeText('\x1b[31mred'));
  });
});

describe('where it goes', () => {
  const call = (...words: string[]) => cli(['report', ...words, ...optionsOf('recorded')], worldOf('recorded'));
  const onTerminal = (...words: string[]) =>
    cli(['report', ...words, ...optionsOf('recorded')], { ...worldOf('recorded'), isTty: true });

  it('is standard output, as markdown, if nothing is said', async () => {
    expect((await call()).out).toBe(String(await report('recorded', 'md')));
    expect((await onTerminal()).out).toMatch(/^# Spanbook report\n/);
    expect((await call('--out', '-', '--format', 'csv')).out).toBe(String(await report('recorded', 'csv')));
  });

  it('is told as json with --json, and is json itself without a file', async () => {
    expect((await call('--json')).out).toBe(String(await report('recorded', 'json')));
    const file = `${folder}/told.xlsx`;
    const { out } = await call('--json', '--out', file);
    const { size } = { size: readFileSync(file).length };
    expect(JSON.parse(out)).toMatchObject({ schema_version: '1.0.0', file, format: 'xlsx', bytes: size });
  });

  it.each([
    ['page.HTM', '<!DOCTYPE html>'],
    ['notes.txt', '# Spanbook report'],
    ['a.json', '{"schema_version"'],
  ])('is of the form that %s ends in', async (name, beginning) => {
    await call('--out', `${folder}/${name}`);
    expect(readFileSync(`${folder}/${name}`, 'utf8').slice(0, beginning.length)).toBe(beginning);
  });

  it('is only for the one who made it', async () => {
    const { statSync } = await import('node:fs');
    await call('--out', `${folder}/private.md`);
    expect(statSync(`${folder}/private.md`).mode & 0o777).toBe(0o600);
  });

  it.each([
    [['--out', folder], `--out: expected a file, got the folder ${folder}`],
    [['--format', 'docx'], 'Expected one of html, pdf, csv, xlsx, md, json.'],
    [['--format', 'md', '--table', 'runs'], '--table: expected --format csv beside it, got md'],
    [['--format', 'pdf', '--json'], '--json: expected --out FILE beside --format pdf, got none'],
  ])('is refused for %j', async (words, message) => {
    const { code, out, err } = await call(...words);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
  });

  it.each(['pdf', 'xlsx'])('is no terminal for %s', async format => {
    const { code, err } = await onTerminal('--format', format);
    expect(code).toBe(2);
    expect(err).toContain(`Add --out report.${format}, or write > report.${format}`);
  });

  it('fails in words where it cannot be written', async () => {
    const { code, err } = await call('--out', '/nowhere/at/all.md');
    expect({ code, err }).toEqual({
      code: 1,
      err: 'spanbook: --out: expected to write /nowhere/at/all.md, got ENOENT\n',
    });
  });
});

describe('what it is about', () => {
  it('is the time, and the session, that was asked for', async () => {
    const json = JSON.parse(String(await report('recorded', 'json', '--until', '2026-11-22T06:47:26Z')));
    const all = JSON.parse(String(await report('recorded', 'json')));
    expect(json.totals.requests).toBeLessThanOrEqual(all.totals.requests);
    const none = JSON.parse(String(await report('recorded', 'json', '--session', 'other')));
    expect([none.totals.requests, none.runs.matching, none.durations]).toEqual([0, 0, []]);
    expect(all.runs.matching).toBe(3);
    expect(all.notes[0]).toBe('Cost is list price (API-equivalent), not money spent on a subscription.');
  });

  it('may be nothing at all', async () => {
    for (const format of FORMATS) {
      expect(
        (await report('recorded', format, '--since', '2026-11-23', '--until', '2026-11-24')).length,
      ).toBeGreaterThan(50);
    }
  });
});
