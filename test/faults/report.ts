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

function asMarkdown(rows: readonly Row[], minutes: number): string {
  const { version } = process;
  const [cpu] = cpus();
  const lines = [
    `Last full run: ${new Date().toISOString().slice(0, 10)}, ${minutes.toFixed(0)} minutes, Node.js ${version}, ` +
      `${platform()} ${release()}, ${cpus().length} cores (${cpu?.model.trim()}).`,
  ];
  for (const [index, row] of rows.entries()) {
    if (rows[index - 1]?.area !== row.area) {
      lines.push(
        '',
        `### ${row.area[0]?.toUpperCase()}${row.area.slice(1)}`,
        '',
        '| fault | promised | tried |',
        '|---|---|---|',
      );
    }
    const tried = row.state === 'skipped' ? `**not run here**: ${row.found}` : row.found;
    lines.push(`| ${[row.name, row.promise, tried].map(inCell).join(' | ')} |`);
  }
  return lines.join('\n');
}

function keep(markdown: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE}: expected the marks of what is written there, got none`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n\n${markdown}\n\n${page.slice(end)}`);
}

export default class FaultReport implements Reporter {
  readonly #began = performance.now();

  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules
      .flatMap(module => {
        const whole = WHOLE_FILES.find(({ file }) => file === relative(ROOT, module.moduleId));
        return whole ? [wholeRow(whole, module)] : [...module.children.allTests()].map(rowOf);
      })
      .sort((a, b) => (a.area < b.area ? -1 : a.area > b.area ? 1 : 0));
    console.log(asText(rows));
    const failed = rows.filter(({ state }) => state === 'failed').length;
    const isWhole = process.env.SPANBOOK_FAULTS_WHOLE === '1';
    if (process.env.SPANBOOK_FAULTS !== 'long' || !isWhole) return;
    if (failed > 0) return console.log(`\n${PAGE} is left as it was: ${failed} rows failed`);
    keep(asMarkdown(rows, (performance.now() - this.#began) / 60_000));
    console.log(`\nwritten to ${PAGE}`);
  }
}
