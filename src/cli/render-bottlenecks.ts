/** The critical path of a run, for people. */
import { formatCount } from '../model/format-amount.ts';
import type { Bottlenecks, PathCause, PathSegment } from '../query/analysis/critical-path.ts';
import type { PathLevel } from '../query/analysis/path-tree.ts';
import { formatDuration } from '../query/format-duration.ts';
import { safeText } from '../query/safe-text.ts';
import { localTime } from '../query/summary-text.ts';
import { clockTime } from './local-time.ts';
import { renderRow } from './render-row.ts';
import { renderTable } from './render-table.ts';
import type { Style } from './style.ts';
import { formatShare } from './usage-cells.ts';
import { wrapText } from './wrap-text.ts';

/** Pieces of the path that are shown. */
const SHOWN = 15;
const CAUSES = 10;

const WORDS: Partial<Record<PathLevel, string>> = { chat: 'waiting for', tool: 'tool', wait: 'waiting for a person:' };

export function renderBottlenecks(style: Style, found: Bottlenecks): string[] {
  const { level, name, label, status, duration_ms, started_at, path, causes } = found;
  const head = [
    renderRow(style, [
      { text: `${level} ${safeText(name)}`, color: 'bold' },
      { text: label === null ? '' : ` (${safeText(label)})` },
    ]),
    renderRow(style, [
      { text: `${status}, ${formatDuration(duration_ms)}, from ${localTime(started_at)}  ` },
      { text: safeText(found.event_id), color: 'dim' },
    ]),
    '',
  ];
  if (path.length === 0) return [...head, 'It took no time.'];
  return [
    ...head,
    ...renderTable(style, {
      columns: [
        { title: 'Waited for', cells: causes.slice(0, CAUSES).map(cause => ({ text: nameOf(cause) })), cut: 'end' },
        {
          title: 'Times',
          align: 'right',
          cells: causes.slice(0, CAUSES).map(({ segments }) => ({ text: formatCount(segments) })),
        },
        { title: 'Time', align: 'right', cells: causes.slice(0, CAUSES).map(timeCell) },
        { title: 'Share', align: 'right', cells: causes.slice(0, CAUSES).map(shareCell) },
      ],
      bars: causes.slice(0, CAUSES).map(({ share }) => share),
    }),
    ...restLine(causes.length - CAUSES, 'more'),
    '',
    ...pathLines(style, path),
    '',
    ...wrapText(noteOf(found), style.columns),
  ];
}

/** The longest pieces, in the order of time. */
function pathLines(style: Style, path: readonly PathSegment[]): string[] {
  const longest = new Set(path.toSorted((a, b) => b.own_ms - a.own_ms).slice(0, SHOWN));
  const shown = path.filter(segment => longest.has(segment));
  return [
    ...renderTable(style, {
      columns: [
        { title: 'From', cells: shown.map(({ started_at }) => ({ text: clockTime(started_at) })) },
        { title: 'The path', cells: shown.map(segment => ({ text: nameOf(segment) })), cut: 'end' },
        { title: 'Time', align: 'right', cells: shown.map(timeCell) },
        { title: 'Share', align: 'right', cells: shown.map(shareCell) },
      ],
    }),
    ...restLine(path.length - shown.length, 'shorter'),
  ];
}

const nameOf = ({ level, name }: PathCause | PathSegment): string => `${WORDS[level] ?? level} ${safeText(name)}`;
const timeCell = ({ own_ms }: PathCause | PathSegment) => ({ text: formatDuration(own_ms) });
const shareCell = ({ share }: PathCause | PathSegment) => ({ text: formatShare(share) });

const restLine = (count: number, what: string): string[] =>
  count > 0 ? [`and ${formatCount(count)} ${what}: --json has all`] : [];

const noteOf = ({ has_leaves, status }: Bottlenecks): string =>
  [
    status === 'running' ? 'It still runs: the path is that up to now.' : '',
    has_leaves
      ? 'A name of an activity stands for what it did between its requests and tools.'
      : 'What activities did themselves is not known: no transcript tells of their requests and tools.',
  ]
    .filter(Boolean)
    .join(' ');
