/** The whole run in a strip: what went on at a time, one above the other, and which part is shown below. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { TimelineItem } from '../../../query/runs/run-timeline.ts';
import { useTheme } from '../ui/theme.ts';
import { useSize } from '../ui/use-size.ts';
import { type LaneBar, parallelLanes } from './parallel-lanes.ts';
import { placeOf, type TimeSpan, timeAt } from './time-scale.ts';
import { useDragRange } from './use-drag-range.ts';

interface OverviewProps {
  items: readonly TimelineItem[];
  whole: TimeSpan;
  shown: TimeSpan;
  now: number;
  onShow: (span: TimeSpan | null) => void;
}

const LANES = 10;
const HEIGHT = 52;

export function Overview({ items, whole, shown, now, onShow }: OverviewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const theme = useTheme();
  const { bars, most } = useMemo(() => parallelLanes(items, { now: whole.to, lanes: LANES }), [items, whole.to]);
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, { bars, whole, width, now });
  }, [bars, whole.from, whole.to, width, theme]);
  const drag = useDragRange(
    event => {
      const bounds = box.current?.getBoundingClientRect();
      return bounds ? Math.max(0, Math.min(width, event.clientX - bounds.left)) : null;
    },
    ({ from, to }) => onShow({ from: timeAt(from, whole, width), to: timeAt(to, whole, width) }),
  );
  const left = placeOf(shown.from, whole, width);
  const right = placeOf(shown.to, whole, width);
  return (
    <div
      ref={box}
      class="overview"
      style={{ height: `${HEIGHT}px` }}
      role="img"
      aria-label={`The whole run; at most ${most} at a time`}
      title="Drag to look at a part, double-click for all"
      onPointerDown={drag.onPointerDown}
      onDblClick={() => onShow(null)}
    >
      <canvas ref={canvas} />
      {right - left < width - 1 && (
        <>
          <span class="overview-out" style={{ left: 0, width: `${Math.max(0, left)}px` }} />
          <span class="overview-out" style={{ left: `${right}px`, right: 0 }} />
        </>
      )}
      {drag.range && (
        <span class="marked" style={{ left: `${drag.range.from}px`, width: `${drag.range.to - drag.range.from}px` }} />
      )}
      <span class="overview-most">{most} at a time</span>
    </div>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  { bars, whole, width, now }: { bars: readonly LaneBar[]; whole: TimeSpan; width: number; now: number },
): void {
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HEIGHT * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colors = new Map<string, string>();
  const colorOf = (kind: string): string => {
    const known = colors.get(kind) ?? style.getPropertyValue(`--k-${kind}`).trim();
    colors.set(kind, known);
    return known;
  };
  const lane = (HEIGHT - 6) / LANES;
  for (const { item, lane: at } of bars) {
    const from = placeOf(item.started_ms, whole, width);
    const to = placeOf(item.ended_ms ?? now, whole, width);
    context.fillStyle = colorOf(item.status === 'failed' ? 'error' : item.kind);
    context.fillRect(from, 3 + at * lane, Math.max(1, to - from), lane - 1);
  }
}
