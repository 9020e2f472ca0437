/** A run as lines over time. Only the lines that are seen are drawn, so that five thousand scroll as well as five. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RunAnswer } from '../../answers.ts';
import { useCursor } from '../ui/use-cursor.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { useSize } from '../ui/use-size.ts';
import { scrollToRow, virtualWindow } from '../ui/virtual-window.ts';
import { criticalMarks } from './critical-marks.ts';
import { Overview } from './overview.tsx';
import { placeOf, ticksOf, timeAt } from './time-scale.ts';
import { useDragRange } from './use-drag-range.ts';
import { useWaterfallKeys } from './use-waterfall-keys.ts';
import { useWheelZoom, useZoom } from './use-zoom.ts';
import { WaterfallLine } from './waterfall-line.tsx';
import { foldedFrom, unfoldedTo, waterfallRows } from './waterfall-rows.ts';
import { WaterfallTools } from './waterfall-tools.tsx';

interface WaterfallProps {
  data: RunAnswer;
  now: number;
  selected: string | null;
  search: string;
  onSearch: (text: string) => void;
  onSelect: (id: string | null) => void;
}

const ROW = 26;

export function Waterfall({ data, now, selected, search, onSearch, onSelect }: WaterfallProps) {
  const { items, critical_path } = data;
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const isNarrow = useNarrow();
  const names = isNarrow ? Math.round(size.width * 0.44) : Math.min(400, Math.round(size.width * 0.34));
  const width = Math.max(50, size.width - names);
  const whole = useMemo(() => spanOf(data, now), [data, now]);
  const zoom = useZoom(whole);
  const { shown } = zoom;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [scrollTop, setScrollTop] = useState(0);
  const { cursor, at: cursorAt, set: setCursor } = useCursor(0);
  const rows = useMemo(() => waterfallRows(items, { folded, search }), [items, folded, search]);
  const marks = useMemo(() => criticalMarks(items, critical_path.path), [items, critical_path]);
  const { first, end } = virtualWindow({
    count: rows.length,
    rowHeight: ROW,
    scrollTop,
    height: size.height,
    spare: 6,
  });
  useWheelZoom(scroller, { zoom, left: names, width });

  const showRow = (row: number): void => {
    const body = { rowHeight: ROW, scrollTop: scroller.current?.scrollTop ?? 0, height: size.height };
    const top = scrollToRow(row, body);
    if (top !== null) scroller.current?.scrollTo({ top });
  };
  // What the address names is shown, once: also if it was folded away.
  const shownFor = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (selected === null || shownFor.current === selected || size.height === 0) return;
    shownFor.current = selected;
    const row = rows.findIndex(({ item }) => item.id === selected);
    if (row < 0) {
      setFolded(unfoldedTo(items, selected, folded));
      shownFor.current = null;
      if (items.every(({ id }) => id !== selected)) shownFor.current = selected;
      return;
    }
    setCursor(row);
    showRow(row);
  }, [selected, rows, size.height]);
  useEffect(() => setCursor(Math.min(cursorAt(), Math.max(0, rows.length - 1))), [rows.length]);

  const toggle = (id: string): void => setFolded(old => (old.has(id) ? without(old, id) : new Set(old).add(id)));
  const select = (id: string): void => {
    shownFor.current = id;
    setCursor(rows.findIndex(({ item }) => item.id === id));
    onSelect(id === selected ? null : id);
  };
  const onKeyDown = useWaterfallKeys({
    rows,
    cursor: cursorAt,
    zoom,
    page: Math.max(1, Math.floor(size.height / ROW) - 2),
    moveTo(row) {
      setCursor(row);
      showRow(row);
      // Details that are open follow.
      const id = rows[row]?.item.id;
      if (selected !== null && id) {
        shownFor.current = id;
        onSelect(id);
      }
    },
    toggle,
    select: onSelect,
  });
  const drag = useDragRange(
    event => {
      const bounds = scroller.current?.getBoundingClientRect();
      if (!bounds) return null;
      const place = event.clientX - bounds.left - names;
      return event.type === 'pointerdown' && place < 0 ? null : Math.max(0, Math.min(width, place));
    },
    ({ from, to }) => zoom.show({ from: timeAt(from, shown, width), to: timeAt(to, shown, width) }),
  );
  const ticks = ticksOf(shown, { start: whole.from, width });
  const at = (time: number): string => `translateX(${placeOf(time, shown, width)}px)`;
  return (
    <section class="waterfall panel" aria-label="Timeline" style={{ '--names': `${names}px` }}>
      <WaterfallTools
        items={items}
        search={search}
        matches={search.trim() === '' ? null : rows.filter(({ isMatch }) => isMatch).length}
        zoom={zoom}
        onSearch={onSearch}
        onFoldAll={isFolded => setFolded(isFolded ? foldedFrom(items, 1) : new Set())}
      />
      <Overview items={items} whole={whole} shown={shown} now={now} onShow={zoom.show} />
      <div class="axis" aria-hidden="true">
        {ticks.map(tick => (
          <span key={tick.at} class="tick" style={{ transform: at(tick.at) }}>
            {tick.label}
          </span>
        ))}
      </div>
      <div class="waterfall-body">
        <div
          ref={scroller}
          id="waterfall"
          class="waterfall-scroller"
          role="treegrid"
          aria-label="What happened in this run"
          aria-rowcount={rows.length}
          aria-activedescendant={cursor >= first && cursor < end ? `line-${cursor}` : undefined}
          tabIndex={0}
          onScroll={event => setScrollTop(event.currentTarget.scrollTop)}
          onKeyDown={onKeyDown}
          onPointerDown={drag.onPointerDown}
          onDblClick={() => zoom.show(null)}
        >
          <div class="lines" role="rowgroup" style={{ height: `${rows.length * ROW}px` }}>
            {inSlots(first, end).map((at, slot) => {
              const row = rows[at];
              return (
                row && (
                  <WaterfallLine
                    key={slot}
                    row={row}
                    index={at}
                    top={at * ROW}
                    shown={shown}
                    width={width}
                    now={now}
                    marks={marks.get(row.item.id)}
                    isSelected={row.item.id === selected}
                    isCursor={at === cursor}
                    onSelect={select}
                    onFold={toggle}
                  />
                )
              );
            })}
          </div>
        </div>
        <div class="gridlines" aria-hidden="true">
          {ticks.map(tick => (
            <span key={tick.at} style={{ transform: at(tick.at) }} />
          ))}
          {drag.range && (
            <span
              class="marked"
              style={{ left: `${drag.range.from}px`, width: `${drag.range.to - drag.range.from}px` }}
            />
          )}
        </div>
      </div>
    </section>
  );
}

/** Rows by the slot that each has while it is seen: making elements takes longer than changing them. */
function inSlots(first: number, end: number): number[] {
  const count = end - first;
  return Array.from({ length: count }, (_, slot) => first + ((((slot - first) % count) + count) % count));
}

function spanOf({ run, items }: RunAnswer, now: number) {
  let from = Date.parse(run.started_at);
  let to = run.ended_at === null ? now : Date.parse(run.ended_at);
  for (const { started_ms, ended_ms } of items) {
    from = Math.min(from, started_ms);
    to = Math.max(to, ended_ms ?? started_ms);
  }
  return { from, to: Math.max(to, from + 1) };
}

function without(set: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(set);
  next.delete(id);
  return next;
}
