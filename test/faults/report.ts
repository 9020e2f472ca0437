/** What a run of the matrix found, as a table; the long form keeps it in docs/reliability.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release } from 'node:os';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { ROOT } from '../helpers/run-program.ts';
import { WHOLE_FILES, type WholeFile } from './whole-files.ts';

const PAGE = `${ROOT}docs/reliability.md`;
const BEGIN = '<!-- begin of what `npm run test:faults -- --long` writes -->';
const END = '<!-- end of what `npm run test:faults -- --long` writes -->';

interface Row {
  area: string;
  name: string;
  promise: string;
  /** Counts, or why the row was left out. */
  found: string;
  state: 'passed' | 'failed' | 'skipped';
}

const number = new Intl.NumberFormat('en-US');

function rowOf(test: TestCase): Row {
  const { state } = test.result();
  const { promise = '', counts = [] } = test.meta();
  const note = test.result().state === 'skipped' ? (test.result() as { note?: string }).note : undefined;
  return {
    area: test.parent.type === 'suite' ? test.parent.name : test.module.moduleId,
    name: test.name,
    promise,
    found: note ?? counts.map(([what, count]) => `${number.format(count)} ${what}`).join(', '),
    state: state === 'pending' ? 'failed' : state,
  };
}

/** All tests of a file of `npm test` are one row. */
function wholeRow({ area, name, promise }: WholeFile, module: TestModule): Row {
  const tests = [...module.children.allTests()];
  const of = (state: string): number => tests.filter(test => test.result().state === state).length;
  const skipped = of('skipped');
  const found = [`${of('passed')} cases`, skipped > 0 ? `${skipped} left out` : ''].filter(Boolean).join(', ');
  return { area, name, promise, found, state: module.ok() ? 'passed' : 'failed' };
}

const SIGNS = { passed: '✔', failed: '✖', skipped: '–' };

function asText(rows: readonly Row[]): string {
  const lines: string[] = [];
  for (const [index, { area, name, found, state }] of rows.entries()) {
    if (rows[index - 1]?.area !== area) lines.push('', area);
    lines.push(`  ${SIGNS[state]} ${name}${found && `: ${found}`}`);
  }
  return lines.join('\n');
}

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const titleOf = (area: string): string => `### ${area[0]?.toUpperCase()}${area.slice(1)}`;

/** A line of the page; `area` is its heading. */
interface Line {
  area: string;
  name: string;
  text: string;
}

function lineOf({ area, name, promise, found, state }: Row): Line {
  const tried = state === 'skipped' ? `**not run here**: ${found}` : found;
  const day = new Date().toISOString().slice(0, 10);
  return {
    area: titleOf(area),
    name: inCell(name),
    text: `| ${[name, promise, tried, day].map(inCell).join(' | ')} |`,
  };
}

/** The lines that stand in the page. */
function linesIn(written: string): Line[] {
  let area = '';
  return written.split('\n').flatMap(text => {
    if (text.startsWith('### ')) area = text;
    const name = /^\| (.*?[^\\]) \| /.exec(text)?.[1];
    return name === undefined || name === 'fault' ? [] : [{ area, name, text }];
  });
}

function asMarkdown(lines: readonly Line[]): string {
  const [cpu] = cpus();
  const machine = `Node.js ${process.version}, ${platform()} ${release()}, ${cpus().length} cores (${cpu?.model.trim()}).`;
  const out = [`Counts of the long form. The last run was on ${machine}`];
  for (const [index, { area, text }] of lines.entries()) {
    if (lines[index - 1]?.area !== area) {
      out.push('', area, '', '| fault | promised | tried | on |', '|---|---|---|---|');
    }
    out.push(text);
  }
  return out.join('\n');
}

/** `isWhole`: these are all there are. Else the others stay as they are. */
function keep(rows: readonly Row[], isWhole: boolean): void {
  const page = readFileSync(PAGE, 'utf8');
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  const end = page.indexOf(END);
  if (!page.includes(BEGIN) || end < begin)
    throw new Error(`${PAGE}: expected the marks of what is written there, got none`);
  const news = rows.map(lineOf);
  const stays = isWhole
    ? []
    : linesIn(page.slice(begin, end)).filter(
        old => !news.some(line => line.area === old.area && line.name === old.name),
      );
  const lines = [...stays, ...news].sort((a, b) => (a.area < b.area ? -1 : a.area > b.area ? 1 : 0));
  writeFileSync(PAGE, `${page.slice(0, begin)}\n\n${asMarkdown(lines)}\n\n${page.slice(end)}`);
}

export default class FaultReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules
      .flatMap(module => {
        const whole = WHOLE_FILES.find(({ file }) => file === relative(ROOT, module.moduleId));
        return whole ? [wholeRow(whole, module)] : [...module.children.allTests()].map(rowOf);
      })
      // Left out by the name that was asked for: what a run before it found stays.
      .filter(({ state, found }) => state !== 'skipped' || found !== '')
      .sort((a, b) => (a.area < b.area ? -1 : a.area > b.area ? 1 : 0));
    console.log(asText(rows));
    if (process.env.SPANBOOK_FAULTS !== 'long') return;
    const sound = rows.filter(({ state }) => state !== 'failed');
    keep(sound, process.env.SPANBOOK_FAULTS_WHOLE === '1' && sound.length === rows.length);
    console.log(`\nwritten to ${PAGE}`);
  }
}
