/** Times of a run as places on the screen, and back. */
import { formatDuration } from '../../../query/format-duration.ts';

/** Milliseconds since 1970. */
export interface TimeSpan {
  from: number;
  to: number;
}

/** Nothing is smaller than this: a millisecond is what times are known to. */
const MIN_SPAN_MILLIS = 2;

export const placeOf = (time: number, { from, to }: TimeSpan, width: number): number =>
  to === from ? 0 : ((time - from) / (to - from)) * width;

export const timeAt = (place: number, { from, to }: TimeSpan, width: number): number =>
  width === 0 ? from : from + (place / width) * (to - from);

/** `factor` below 1 comes nearer. The time at `anchor` stays where it is, as far as there is room. */
export function zoomed(
  shown: TimeSpan,
  { factor, anchor, whole }: { factor: number; anchor: number; whole: TimeSpan },
): TimeSpan {
  const length = Math.min(whole.to - whole.from, Math.max(MIN_SPAN_MILLIS, (shown.to - shown.from) * factor));
  const part = shown.to === shown.from ? 0.5 : (anchor - shown.from) / (shown.to - shown.from);
  return within({ from: anchor - part * length, to: anchor + (1 - part) * length }, whole);
}

export const panned = ({ from, to }: TimeSpan, by: number, whole: TimeSpan): TimeSpan =>
  within({ from: from + by, to: to + by }, whole);

/** The same length, moved into the whole. */
export function within({ from, to }: TimeSpan, whole: TimeSpan): TimeSpan {
  const length = Math.min(to - from, whole.to - whole.from);
  const start = Math.max(whole.from, Math.min(from, whole.to - length));
  return { from: start, to: start + length };
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap(millis => [millis]);
const LONG_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

export interface Tick {
  at: number;
  label: string;
}

/** Round times since the start of the run, about as many as fit. */
export function ticksOf(
  shown: TimeSpan,
  { start, width, room = 90 }: { start: number; width: number; room?: number },
): Tick[] {
  const wanted = ((shown.to - shown.from) * room) / Math.max(1, width);
  const steps = [...STEPS, ...LONG_STEPS.map(seconds => seconds * 1000)];
  const days = 86_400_000;
  const step = steps.find(size => size >= wanted) ?? Math.ceil(wanted / days) * days;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((shown.from - start) / step) * step; at <= shown.to - start; at += step) {
    ticks.push({ at: start + at, label: tickLabel(at, step) });
  }
  return ticks;
}

function tickLabel(millis: number, step: number): string {
  if (millis === 0) return '0';
  if (millis < 60_000 && step >= 1000) return `${millis / 1000}s`;
  if (millis < 1000) return `${millis}ms`;
  if (step >= 1000) return formatDuration(millis);
  return `${(millis / 1000).toFixed(step < 10 ? 3 : step < 100 ? 2 : 1)}s`;
}
