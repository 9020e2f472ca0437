/** What was reconciled, for people. */
import { formatCount, formatMoney } from '../model/format-amount.ts';
import { safeText } from '../query/safe-text.ts';
import type { AmountColumns } from '../query/usage/amounts.ts';
import type { Reading } from '../query/usage/compare-claim.ts';
import type { DifferenceRow, ReconcileAnswer, SourceRow } from '../query/usage/reconcile-answer.ts';
import { type Part, renderRow } from './render-row.ts';
import { renderTable, type TableColumn } from './render-table.ts';
import { paint, type Style } from './style.ts';
import { cutText } from './text-width.ts';
import { countCell, moneyColumn } from './usage-cells.ts';
import { LIST_PRICE_NOTE } from './usage-notes.ts';
import { wrapText } from './wrap-text.ts';

const MAX_CAUSES = 12;
/** Of each cause. */
const MAX_REQUESTS = 3;
const MAX_TOTALS = 10;
/** As much of the id of a session as tells it from others. */
const SESSION_CHARACTERS = 8;
const MODEL_COLUMNS = 20;

export interface ReconcileShown {
  answer: ReconcileAnswer;
  /** Folders of the client that were looked at. */
  claudeDirs: readonly string[];
  modelName(id: string): string;
}

export function renderReconcile(style: Style, shown: ReconcileShown): string[] {
  const { answer } = shown;
  if (answer.counted.requests === 0 && answer.totals.length === 0) {
    return ['No usage in what you asked for. What is recorded, and from where: spanbook usage totals'];
  }
  const notes = [...sourceNotes(shown), LIST_PRICE_NOTE].flatMap(text => wrapText(text, style.columns));
  return [
    paint(style, 'bold', 'What each source says'),
    '',
    ...sourceTable(style, answer),
    '',
    ...notes.map(line => paint(style, 'dim', line)),
    ...totalLines(style, answer),
    '',
    ...(answer.agrees ? [agreement(style, answer)] : differenceLines(style, shown)),
  ];
}

const NAMES: Readonly<Record<SourceRow['source'], string>> = {
  transcript: 'Transcripts',
  otlp: 'OTLP',
  span: 'Programs',
  client: 'Client',
};

function sourceTable(style: Style, { sources, counted }: ReconcileAnswer): string[] {
  const numbers = (title: string, of: (row: SourceRow | ReconcileAnswer['counted']) => number | null): TableColumn => ({
    title,
    align: 'right',
    cells: sources.map(row => countCell(of(row) ?? 0)),
    total: countCell(of(counted) ?? 0).text,
  });
  const priced = sources.map(({ cost, requests, unpriced_tokens }) => ({
    cost,
    requests: requests ?? 1,
    unpriced_tokens: unpriced_tokens ?? 0,
  }));
  return renderTable(style, {
    columns: [
      { title: 'Source', cells: sources.map(({ source }) => ({ text: NAMES[source] })), total: 'Counted' },
      numbers('Input', row => row.input_tokens),
      numbers('Cache\nread', row => row.cache_read_tokens),
      numbers('Cache\nwrite', row => row.cache_write_tokens),
      numbers('Output', row => row.output_tokens),
      numbers('Reqs', row => row.requests),
      numbers('Sessions', row => row.sessions),
      moneyColumn(priced, counted),
    ],
  });
}

/** What is compared with what, and what cannot be. */
function sourceNotes({ answer, claudeDirs }: ReconcileShown): string[] {
  const has = (source: SourceRow['source']): boolean => answer.sources.some(row => row.source === source);
  const notes: string[] = [];
  if (answer.pruned) {
    const { requests } = answer.pruned;
    const were = requests === 1 ? '1 request was' : `${formatCount(requests)} requests were`;
    notes.push(`${were} pruned: what they used counts, and sources can be compared no more.`);
  }
  if (has('transcript') && !has('otlp')) {
    notes.push(
      'There is one source alone: transcripts. The telemetry of the client is a second one: spanbook init --otlp',
    );
  }
  if (has('otlp') && !has('transcript')) {
    const folders = claudeDirs.map(folder => `${safeText(folder)}/projects`).join(', ');
    notes.push(`There is one source alone: OTLP. No transcript in ${folders} tells of these requests.`);
  }
  if (!has('client')) notes.push('The client told no totals of these sessions.');
  const left = answer.totals_left_out;
  if (left === 1) notes.push('1 total of the client begins before that time, and is left out.');
  if (left > 1) notes.push(`${formatCount(left)} totals of the client begin before that time, and are left out.`);
  return notes;
}

const READINGS: Readonly<Record<Reading, string>> = {
  continued: 'each result goes on from the last',
  each_alone: 'each result is of one call',
};

const causeMark = ({ marks }: Style, isExplained: boolean): Part =>
  isExplained ? { text: `${marks.info} `, color: 'cyan' } : { text: `${marks.warning} `, color: 'yellow' };

/** The totals that were handed over, one by one; those of transcripts show in the table. */
function totalLines(style: Style, { totals }: ReconcileAnswer): string[] {
  const given = totals.filter(({ from }) => from === 'result');
  if (given.length === 0) return [];
  const { marks } = style;
  const rows = given.slice(0, MAX_TOTALS).map(({ session, reading, client, agrees, explained }) => {
    const how = reading === null ? '' : `, ${READINGS[reading]}`;
    const mark = agrees ? ({ text: `${marks.completed} `, color: 'green' } as const) : causeMark(style, explained);
    return renderRow(style, [mark, { text: `${shortSession(session)}${how}` }], [{ text: formatMoney(client.cost) }]);
  });
  const more = given.length - rows.length;
  return [
    '',
    paint(style, 'bold', 'Results of the client'),
    ...rows,
    ...(more > 0 ? [`${formatCount(more)} more`] : []),
  ];
}

function agreement(style: Style, { sources }: ReconcileAnswer): string {
  const text = sources.length > 1 ? 'All of them agree, to the token and to the nano-dollar.' : 'Nothing differs.';
  return renderRow(style, [{ text: `${style.marks.completed} `, color: 'green' }, { text }]);
}

function differenceLines(style: Style, { answer, modelName }: ReconcileShown): string[] {
  const { causes, differences, unexplained } = answer;
  const shown = causes.slice(0, MAX_CAUSES);
  const all = `${formatCount(differences.length)} ${differences.length === 1 ? 'difference' : 'differences'}`;
  const known = unexplained === 0 ? ', each with a known cause' : `, ${formatCount(unexplained)} without a known cause`;
  return [
    renderRow(style, [{ text: all, color: 'bold' }, { text: known }]),
    paint(style, 'dim', '+ OTLP or the client tells of more, - of less'),
    ...shown.flatMap(cause => ['', ...causeLines(style, { cause, differences, modelName })]),
    ...(causes.length > shown.length ? ['', `${formatCount(causes.length - shown.length)} more: --json has all`] : []),
  ];
}

interface CauseShown {
  cause: ReconcileAnswer['causes'][number];
  differences: readonly DifferenceRow[];
  modelName(id: string): string;
}

function causeLines(style: Style, { cause, differences, modelName }: CauseShown): string[] {
  const { marks } = style;
  const single = differences.filter(
    ({ kind, session, request }) => kind === cause.kind && session === cause.session && request !== undefined,
  );
  const requests =
    cause.requests === 0 ? '' : `  ${formatCount(cause.requests)} ${cause.requests === 1 ? 'request' : 'requests'}`;
  const more = single.length - MAX_REQUESTS;
  return [
    renderRow(
      style,
      [causeMark(style, cause.explained), { text: shortSession(cause.session) + requests }],
      [{ text: changeText(cause.difference) }],
    ),
    ...wrapText(cause.cause, style.columns - 2).map(line => `  ${line}`),
    ...single.slice(0, MAX_REQUESTS).map(({ request = '', model = '', difference }) =>
      renderRow(
        style,
        [{ text: `  ${safeText(request)}`, color: 'dim' }],
        [
          {
            text: `${cutText(safeText(modelName(model)), MODEL_COLUMNS, marks.ellipsis)}  ${changeText(difference)}`,
            color: 'dim',
          },
        ],
      ),
    ),
    ...(more > 0 ? [paint(style, 'dim', `  ${formatCount(more)} more`)] : []),
  ];
}

const shortSession = (session: string | null): string =>
  session === null ? 'no session' : safeText(session.slice(0, SESSION_CHARACTERS));

/** `+1,234 tokens  +$0.0123`. */
function changeText({
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_write_tokens,
  cost,
}: AmountColumns): string {
  const tokens = input_tokens + output_tokens + cache_read_tokens + cache_write_tokens;
  const sign = (value: number): string => (value < 0 ? '-' : '+');
  return `${sign(tokens)}${formatCount(Math.abs(tokens))} tokens  ${sign(cost)}${formatMoney(Math.abs(cost))}`;
}
