/** Which part of the time is shown, and how wheel, pinch, drag and keys change it. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { panned, type TimeSpan, timeAt, within, zoomed } from './time-scale.ts';

export interface Zoom {
  shown: TimeSpan;
  isWhole: boolean;
  /** Below 1 comes nearer; around the middle if no time is given. */
  zoomBy(factor: number, anchor?: number): void;
  panBy(part: number): void;
  show(span: TimeSpan | null): void;
}

/** Null of the state: the whole run, also while it grows. */
export function useZoom(whole: TimeSpan): Zoom {
  const [span, setSpan] = useState<TimeSpan | null>(null);
  const shown = span ? within(span, whole) : whole;
  const isAll = (next: TimeSpan): boolean => next.to - next.from >= (whole.to - whole.from) * 0.999;
  const show = (next: TimeSpan | null): void => setSpan(next && !isAll(next) ? next : null);
  return {
    shown,
    isWhole: span === null,
    // By what is so at the time: several turns of a wheel may come before the next picture.
    zoomBy: (factor, anchor) =>
      setSpan(old => {
        const from = old ?? whole;
        const next = zoomed(from, { factor, anchor: anchor ?? (from.from + from.to) / 2, whole });
        return isAll(next) ? null : next;
      }),
    panBy: part => setSpan(old => (old ? panned(old, (old.to - old.from) * part, whole) : null)),
    show,
  };
}

interface WheelQuery {
  zoom: Zoom;
  /** Pixels before the times begin, and how many they take. */
  left: number;
  width: number;
}

/** With ctrl (as a pinch on a touchpad comes) the wheel zooms, with shift it goes sideways; else the list scrolls. */
export function useWheelZoom(ref: RefObject<HTMLElement | null>, query: WheelQuery): void {
  const latest = useRef(query);
  useLayoutEffect(() => {
    latest.current = query;
  });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const onWheel = (event: WheelEvent): void => {
      const { zoom, left, width } = latest.current;
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const x = event.clientX - element.getBoundingClientRect().left - left;
        const anchor = timeAt(Math.max(0, Math.min(width, x)), zoom.shown, width);
        zoom.zoomBy(Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.005))), anchor);
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY) && !zoom.isWhole) {
        event.preventDefault();
        zoom.panBy(sideways / Math.max(1, width));
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [ref.current]);
}
