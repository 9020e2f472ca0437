/** Before and after a moment, for people. */
import { formatCount } from '../model/format-amount.ts';
import type { Change, ComparedKind, Comparison } from '../query/analysis/compare-periods.ts';
import { safeText } from '../query/safe-text.ts';
import { localTime } from '../query/summary-text.ts';
import { durationCell, kindColumns, moneyCell } from './kind-cells.ts';
import { type Part, renderRow } from './render-row.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

export function renderComparison(
  style: Style,
  { at, since, until, totals, rows }: Comparison,
  commit: string | null,
): string[] {
  const range = since === null || until === null ? '' : `, from ${localTime(since)} to ${localTime(until)}`;
  const head = [
    renderRow(style, [
      { text: `Before and after ${localTime(at)}`, color: 'bold' },
      { text: `${commit === null ? '' : ` (${safeText(commit)})`}${range}` },
    ]),
    '',
  ];
  if (rows.length === 0) return [...head, 'No activity in what you asked for.'];
  const { before, after } = totals;
  return [
    ...head,
    ...renderTable(style, {
      columns: [
        { title: 'All runs', cells: [{ text: 'before' }, { text: 'after' }] },
        numbers(
          'Runs',
          [before, after].map(({ runs }) => ({ text: formatCount(runs) })),
        ),
        numbers(
          'Failed',
          [before, after].map(({ failed }) => ({ text: formatCount(failed) })),
        ),
        numbers(
          'Time',
          [before, after].map(({ total_ms }) => durationCell(total_ms)),
        ),
        numbers(
          'Cost',
          [before, after].map(({ total_cost }) => moneyCell(total_cost || null)),
        ),
      ],
    }),
    '',
    ...renderTable(style, { columns: changeColumns(rows) }),
    '',
    ...notesOf(style, rows),
  ];
}

const numbers = (title: string, cells: readonly Part[], spare?: number): TableColumn => ({
  title,
  align: 'right',
  cells,
  ...(spare === undefined ? {} : { spare }),
});

function changeColumns(rows: readonly ComparedKind[]): TableColumn[] {
  const isPaid = rows.some(hasCost);
  return [
    ...kindColumns(rows),
    numbers(
      'Count\nbefore',
      rows.map(({ before }) => ({ text: formatCount(before.count) })),
      2,
    ),
    numbers(
      'Count\nafter',
      rows.map(({ after }) => ({ text: formatCount(after.count) })),
      2,
    ),
    numbers(
      'Half under\nbefore',
      rows.map(({ before }) => durationCell(before.p50_ms)),
    ),
    numbers(
      '\nafter',
      rows.map(({ after }) => durationCell(after.p50_ms)),
    ),
    numbers(
      'Time',
      rows.map(({ duration }) => changeCell(duration, ratioText)),
    ),
    ...(isPaid
      ? [
          numbers(
            'Cost',
            rows.map(({ cost }) => changeCell(cost, ratioText)),
          ),
        ]
      : []),
    numbers(
      'Failures',
      rows.map(({ failures }) => changeCell(failures, pointsText)),
    ),
  ];
}

const hasCost = ({ before, after }: ComparedKind): boolean => before.p50_cost !== null || after.p50_cost !== null;

/** What is no more than noise stands in parentheses, what is too little to tell has a question mark. */
function changeCell({ change, verdict }: Change, textOf: (change: number) => string): Part {
  if (change === null) return { text: '-', color: 'dim' };
  const text = textOf(change);
  if (verdict === 'noise') return { text: `(${text})`, color: 'dim' };
  if (verdict === 'too_little_data') return { text: `${text}?`, color: 'dim' };
  return { text: `${text} `, color: verdict === 'up' ? 'yellow' : 'green' };
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${formatCount(Math.abs(value))}`;
/** `+35%`; from three times on `x3.4`. */
const ratioText = (ratio: number): string => (ratio >= 3 ? `x${ratio.toFixed(1)}` : `${signed((ratio - 1) * 100)}%`);
/** Percent points. */
const pointsText = (change: number): string => `${signed(change * 100)}pp`;

function notesOf({ columns }: Style, rows: readonly ComparedKind[]): string[] {
  const verdicts = rows.flatMap(row => [
    row.duration.verdict,
    row.failures.verdict,
    ...(hasCost(row) ? [row.cost.verdict] : []),
  ]);
  const clear = verdicts.filter(verdict => verdict === 'up' || verdict === 'down').length;
  const notes = [
    verdicts.every(verdict => verdict === 'too_little_data')
      ? 'Too little to tell changes from noise.'
      : clear === 0
        ? 'Nothing has changed by more than noise.'
        : `${clear} changed by more than noise: without a mark.`,
  ];
  if (verdicts.includes('noise')) notes.push('( ) no more than noise.');
  if (verdicts.includes('too_little_data')) notes.push('? too little data: fewer than 8 on one side.');
  return wrapText(notes.join(' '), columns);
}
