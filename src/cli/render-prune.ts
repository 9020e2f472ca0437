/** What a pruning has removed, or would remove, for people. */
import { formatCount } from '../model/format-amount.ts';
import type { PrunedState } from '../prune-state.ts';
import { safeText } from '../query/safe-text.ts';
import { localCalendar } from '../usage/local-calendar.ts';
import { clockTime } from './local-time.ts';
import { renderTable } from './render-table.ts';
import { sizeText } from './size-text.ts';
import { paint, type Style } from './style.ts';
import { warningLines } from './usage-notes.ts';
import { wrapText } from './wrap-text.ts';

const MAX_FILES = 10;

export interface PruneShown extends PrunedState {
  /** Milliseconds since 1970. */
  before: number;
  isDryRun: boolean;
  stateDir: string;
}

export function renderPrune(style: Style, shown: PruneShown): string[] {
  const { archives, segments, ledger, isDryRun, before, stateDir } = shown;
  const clock = clockTime(new Date(before).toISOString()).slice(0, 5);
  const when = `${localCalendar().label('day', before)} ${clock}`;
  if (archives.length + segments.length + ledger.requests === 0) return [`Nothing to remove is from before ${when}.`];
  const total = (files: readonly { bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows: readonly (readonly [string, number, number])[] = [
    ['Archived documents', archives.length, total(archives)],
    ['Segments of the journal', segments.length, total(segments)],
    ['Requests', ledger.requests, ledger.bytes],
  ];
  const cells = (of: (row: (typeof rows)[number]) => string) => rows.map(row => ({ text: of(row) }));
  const all = rows.reduce((sum, [, , bytes]) => sum + bytes, 0);
  return [
    paint(style, 'bold', `${isDryRun ? 'Would remove' : 'Removed'} what is from before ${when}`),
    '',
    ...renderTable(style, {
      columns: [
        { title: '', cells: cells(([name]) => name), total: 'Total' },
        { title: 'Count', align: 'right', cells: cells(([, count]) => formatCount(count)), total: '' },
        { title: 'Size', align: 'right', cells: cells(([, , bytes]) => sizeText(bytes)), total: sizeText(all) },
      ],
    }),
    ...(isDryRun ? fileLines(shown, stateDir) : []),
    ...sumLines(style, shown),
  ];
}

function fileLines({ archives, segments }: PruneShown, stateDir: string): string[] {
  const files = [...segments, ...archives];
  const shown = files.slice(0, MAX_FILES).map(({ path, bytes }) => {
    return `  ${safeText(path.slice(stateDir.length + 1))}  ${sizeText(bytes)}`;
  });
  const more = files.length - shown.length;
  return ['', ...shown, ...(more > 0 ? [`  ${formatCount(more)} more (--json has all)`] : [])];
}

/** What becomes of the requests. */
function sumLines(style: Style, { ledger, isDryRun }: PruneShown): string[] {
  const { requests, sums, unpricedTokens } = ledger;
  if (requests === 0) return [];
  const stay = isDryRun ? 'would stay' : 'stays';
  const rows = `${formatCount(sums)} ${sums === 1 ? 'row' : 'rows'}`;
  const text = `What the requests used and cost ${stay} as sums in ${rows}, at the prices of today.`;
  const open = `${formatCount(unpricedTokens)} of their tokens have no price; one that is given later counts for the sums`;
  return [
    '',
    ...wrapText(text, style.columns).map(line => paint(style, 'dim', line)),
    ...(unpricedTokens > 0 ? warningLines(style, open) : []),
  ];
}
