/** The rows that are seen, between two empty rows that are as high as all others. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RunOrder } from '../../../query/runs/list-runs.ts';
import { runPath } from '../route/parse-route.ts';
import { goTo } from '../route/place.ts';
import type { RunFilters } from '../route/run-filters.ts';
import { isTyping } from '../ui/keys.ts';
import { Empty, Loading } from '../ui/panel.tsx';
import { useCursor } from '../ui/use-cursor.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { useNow } from '../ui/use-now.ts';
import { useSize } from '../ui/use-size.ts';
import { scrollToRow, virtualWindow } from '../ui/virtual-window.ts';
import { RunLine } from './run-line.tsx';
import type { RunPages } from './use-run-pages.ts';

interface RunsTableProps {
  pages: RunPages;
  filters: RunFilters;
  onRange: (range: { first: number; end: number }) => void;
  onChange: (changes: Partial<RunFilters>) => void;
}

const ROW = 36;
const CARD = 74;
const HEAD = 34;

const COLUMNS: readonly { id: string; name: string; order?: RunOrder; isNumber?: boolean }[] = [
  { id: 'status', name: 'Status' },
  { id: 'run', name: 'Run', order: 'name' },
  { id: 'stage', name: 'Stage' },
  { id: 'parts', name: 'Agents, skills', isNumber: true },
  { id: 'problems', name: 'Problems', order: 'errors', isNumber: true },
  { id: 'started', name: 'Started', order: 'started', isNumber: true },
  { id: 'duration', name: 'Duration', order: 'duration', isNumber: true },
  { id: 'tokens', name: 'Tokens', order: 'tokens', isNumber: true },
  { id: 'cost', name: 'Cost', order: 'cost', isNumber: true },
];

export function RunsTable({ pages, filters, onRange, onChange }: RunsTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const { cursor, at, set: setCursor } = useCursor(-1);
  const isNarrow = useNarrow();
  const rowHeight = isNarrow ? CARD : ROW;
  const { height } = useSize(scroller);
  const count = pages.answer?.matching ?? 0;
  const shown = virtualWindow({ count, rowHeight, scrollTop, height: height || 700 });
  const { first, end, before, after } = shown;
  useEffect(() => onRange({ first, end: Math.max(end, first + 1) }), [first, end]);
  const key = `${filters.order} ${filters.ascending} ${filters.search}`;
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setScrollTop(0);
    setCursor(-1);
  }, [key]);

  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  const now = useNow(indexes.some(index => pages.rowAt(index)?.status === 'running'));
  const moveTo = (row: number): void => {
    const next = Math.max(0, Math.min(count - 1, row));
    setCursor(next);
    const top = scrollToRow(next, { rowHeight, scrollTop, height: height - (isNarrow ? 0 : HEAD) });
    if (top !== null) scroller.current?.scrollTo({ top });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]'))
        return;
      const target = event.target as HTMLElement;
      const isInside = target === scroller.current || target === document.body || target.id === 'main';
      const page = Math.max(1, Math.floor(height / rowHeight) - 2);
      const moves: Record<string, number> = { j: at() + 1, k: at() - 1 };
      const more: Record<string, number> = {
        ArrowDown: at() + 1,
        ArrowUp: at() - 1,
        PageDown: at() + page,
        PageUp: at() - page,
        Home: 0,
        End: count - 1,
      };
      const to = moves[event.key] ?? (isInside ? more[event.key] : undefined);
      const run = pages.rowAt(at());
      if (to !== undefined && count > 0) {
        event.preventDefault();
        moveTo(to);
      } else if (event.key === 'Enter' && isInside && run) {
        event.preventDefault();
        goTo(runPath(run.event_id));
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  return (
    <div
      ref={scroller}
      id="runs-scroller"
      class={`runs-scroller ${pages.isStale ? 'is-stale' : ''}`}
      tabIndex={0}
      role="region"
      aria-label="Runs, the arrow keys move, Enter opens"
      onScroll={event => setScrollTop(event.currentTarget.scrollTop)}
    >
      <table class="runs-table" aria-rowcount={count + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map(column => (
              <Heading key={column.id} column={column} filters={filters} onChange={onChange} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr class="space" role="none" style={{ height: `${before}px` }}>
              <td colSpan={COLUMNS.length} />
            </tr>
          )}
          {indexes.map(index => (
            <RunLine key={index} run={pages.rowAt(index)} index={index} isCursor={index === cursor} now={now} />
          ))}
          {after > 0 && (
            <tr class="space" role="none" style={{ height: `${after}px` }}>
              <td colSpan={COLUMNS.length} />
            </tr>
          )}
        </tbody>
      </table>
      {!pages.answer && !pages.error && <Loading what="runs" />}
      {pages.answer && count === 0 && (
        <Empty>
          {pages.answer.total === 0 ? 'No run is recorded yet. spanbook init begins.' : 'No run fits these filters.'}
        </Empty>
      )}
    </div>
  );
}

interface HeadingProps extends Pick<RunsTableProps, 'filters' | 'onChange'> {
  column: (typeof COLUMNS)[number];
}

function Heading({ column: { id, name, order, isNumber }, filters, onChange }: HeadingProps) {
  const isSorted = order !== undefined && filters.order === order;
  const sort = isSorted ? (filters.ascending ? 'ascending' : 'descending') : undefined;
  return (
    <th scope="col" class={`col-${id} ${isNumber ? 'num' : ''}`} aria-sort={sort}>
      {order ? (
        <button
          type="button"
          class="sort"
          onClick={() => onChange({ order, ascending: isSorted ? !filters.ascending : false })}
        >
          {name}
          <span aria-hidden="true">{isSorted ? (filters.ascending ? ' ↑' : ' ↓') : ''}</span>
        </button>
      ) : (
        name
      )}
    </th>
  );
}
