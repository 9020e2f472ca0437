/** A range of pixels that somebody marks with the pointer. */
import { useRef, useState } from 'preact/hooks';

export interface DragRange {
  /** Null: nothing is being marked. */
  range: { from: number; to: number } | null;
  onPointerDown(event: PointerEvent): void;
}

const MIN_PIXELS = 5;

/** `placeOf`: the place of a pointer, in pixels of the times. */
export function useDragRange(
  placeOf: (event: PointerEvent) => number | null,
  onRange: (range: { from: number; to: number }) => void,
): DragRange {
  const [range, setRange] = useState<DragRange['range']>(null);
  const start = useRef(0);
  return {
    range,
    onPointerDown(event) {
      // A finger scrolls.
      if (event.button !== 0 || event.pointerType === 'touch') return;
      const first = placeOf(event);
      if (first === null) return;
      start.current = first;
      const rangeOf = (at: PointerEvent) => {
        const place = placeOf(at) ?? start.current;
        return { from: Math.min(start.current, place), to: Math.max(start.current, place) };
      };
      const move = (at: PointerEvent): void => {
        const next = rangeOf(at);
        setRange(next.to - next.from >= MIN_PIXELS ? next : null);
      };
      const end = (at: PointerEvent): void => {
        removeEventListener('pointermove', move);
        removeEventListener('pointerup', end);
        removeEventListener('pointercancel', end);
        const marked = rangeOf(at);
        setRange(null);
        if (at.type === 'pointerup' && marked.to - marked.from >= MIN_PIXELS) onRange(marked);
      };
      addEventListener('pointermove', move);
      addEventListener('pointerup', end);
      addEventListener('pointercancel', end);
    },
  };
}
