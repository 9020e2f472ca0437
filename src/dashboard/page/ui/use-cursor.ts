/** The row that keys move. They may come quicker than pictures are drawn, so `at` knows of the last of them. */
import { useRef, useState } from 'preact/hooks';

export interface Cursor {
  /** As it is drawn. */
  cursor: number;
  /** As it is by now. */
  at(): number;
  set(row: number): void;
}

export function useCursor(first: number): Cursor {
  const [cursor, setCursor] = useState(first);
  const latest = useRef(first);
  return {
    cursor,
    at: () => latest.current,
    set(row) {
      latest.current = row;
      setCursor(row);
    },
  };
}
