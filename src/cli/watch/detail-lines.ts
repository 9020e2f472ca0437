/** One activity with all that is known of it, for as many lines as it takes. */
import type { UsageRow } from '../../model/document-schema.ts';
import { formatCount, formatMoney } from '../../model/format-amount.ts';
import { noteText } from '../../query/event-kinds.ts';
import { localTime } from '../../query/summary-text.ts';
import { clockTime } from '../local-time.ts';
import type { Part } from '../render-row.ts';
import { wrapText } from '../wrap-text.ts';
import { sumActivity } from './run-summary.ts';
import { type Page, type ScreenLine, screenLine } from './screen-line.ts';
import { treeRow } from './tree-row.ts';
import type { WatchSnapshot } from './watch-snapshot.ts';
import { elapsedText, LOOKS, shownText } from './watch-words.ts';

const NAME_WIDTH = 13;
/** Paths may have 4,096. */
const LETTERS = 5000;
/** As many below it are named. */
const MOST_CHILDREN = 200;

export function detailLines(page: Page, id: string, snapshot: WatchSnapshot): ScreenLine[] {
  const { table, now } = snapshot;
  const { marks } = page;
  const row = table.rows.get(id);
  if (!row) return [screenLine(page, [{ text: 'This activity is not there any more.' }])];
  const sums = sumActivity(table, row, snapshot.usageOf);
  const { mark, color } = LOOKS[row.status];
  const title: Part[] = [
    { text: `${marks[mark]} `, color },
    { text: `${row.level} `, color: 'dim' },
    { text: shownText(row.name), color: 'bold' },
  ];
  const content = snapshot.contentOf({ event_id: row.id, session_id: row.sessionId });
  const above: string[] = [];
  for (let at = table.rows.get(row.parentId ?? ''); at; at = table.rows.get(at.parentId ?? '')) above.unshift(at.name);
  const pairs: [string, string | null][] = [
    ['Status', row.status],
    ['Label', row.label],
    ['Began', localTime(new Date(row.startedAt).toISOString())],
    ['Ended', row.endedAt === null ? null : localTime(new Date(row.endedAt).toISOString())],
    ['Took', elapsedText(row, now)],
    ['Inside', above.join(` ${marks.arrow} `)],
    ['Stage', row.stage],
    ['System', row.systemName],
    ['Session', row.sessionId],
    ['Event', row.id],
    ['Trace', row.traceId],
    ...usagePairs(sums.usage),
    ['Folder', content.cwd],
    ['Transcript', content.agent_transcript_path ?? content.transcript_path],
  ];
  return [
    screenLine(page, title),
    ...pairs.flatMap(([name, value]) => (value ? pairLines(page, name, value) : [])),
    ...noteLines(page, id, snapshot),
    ...childLines(page, id, snapshot),
  ];
}

/** Never cut: paths and ids are there to be copied. */
function pairLines(page: Page, name: string, value: string): ScreenLine[] {
  const lines = wrapText(shownText(value, LETTERS), Math.max(8, page.columns - NAME_WIDTH - 2));
  return lines.map((text, index) =>
    screenLine(page, [{ text: `  ${(index === 0 ? name : '').padEnd(NAME_WIDTH - 2)}`, color: 'dim' }, { text }]),
  );
}

function usagePairs(usage: UsageRow | null): [string, string | null][] {
  if (!usage) return [];
  const tokens = (count: number | undefined): string | null => (count ? `${formatCount(count)} tokens` : null);
  return [
    ['Requests', formatCount(usage.requests)],
    ['Input', tokens(usage.input_tokens)],
    ['Cache read', tokens(usage.cache_read_tokens)],
    ['Cache 5 min', tokens(usage.cache_write_5m_tokens)],
    ['Cache 1 h', tokens(usage.cache_write_1h_tokens)],
    ['Output', tokens(usage.output_tokens)],
    ['Cost', usage.cost === undefined ? null : `${formatMoney(usage.cost)} (list price)`],
    ['Unpriced', tokens(usage.unpriced_tokens)],
  ];
}

function noteLines(page: Page, id: string, { table }: WatchSnapshot): ScreenLine[] {
  const notes = [...table.notes].filter(({ parent_event_id }) => parent_event_id === id);
  if (notes.length === 0) return [];
  const { marks } = page;
  const looks = {
    error: { mark: marks.failed, color: 'red' },
    warning: { mark: marks.warning, color: 'yellow' },
    info: { mark: marks.info, color: 'dim' },
  } as const;
  const sorted = notes.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  return [
    ...heading(page, 'Notes'),
    ...sorted.flatMap(note => {
      const { type, message } = noteText(note);
      const { mark, color } = looks[note.event_type];
      const [first = '', ...more] = wrapText(
        shownText([type, message].filter(Boolean).join(': '), LETTERS),
        Math.max(8, page.columns - 13),
      );
      return [
        screenLine(page, [
          { text: `  ${mark} `, color },
          { text: `${clockTime(note.timestamp)} `, color: 'dim' },
          { text: first },
        ]),
        ...more.map(text => screenLine(page, [{ text: ' '.repeat(13) + text }])),
      ];
    }),
  ];
}

function childLines(page: Page, id: string, snapshot: WatchSnapshot): ScreenLine[] {
  const { table } = snapshot;
  const children = table.childrenOf(id).toSorted((a, b) => a.startedAt - b.startedAt);
  if (children.length === 0) return [];
  const lines = children.slice(0, MOST_CHILDREN).map(row => {
    const run = { root: row, text: '', ...sumActivity(table, row, snapshot.usageOf) };
    const hasChildren = table.childrenOf(row.id).length > 0;
    return treeRow(page, { row, run, lasts: [], hasChildren, isUnfolded: false }, { snapshot, isSelected: false });
  });
  return [...heading(page, `Below it (${children.length})`), ...lines];
}

const heading = (page: Page, text: string): ScreenLine[] => [
  screenLine(page, []),
  screenLine(page, [{ text, color: 'dim' }]),
];
