/** The answer to an address, kept up while it is shown. */
import { useEffect, useReducer, useRef } from 'preact/hooks';
import { type Answered, entryFor } from './answers-store.ts';

export interface Shown<T> extends Answered<T> {
  /** The data are those of another question, until its answer is there. */
  isStale: boolean;
}

/** Asks while it renders: the question is on its way before anything is drawn. Null asks nothing. */
export function useAnswer<T>(url: string | null): Shown<T> {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const entry = url === null ? null : useEntry(url);
  const last = useRef<T | null>(null);
  useEffect(() => {
    if (!entry) return;
    entry.listeners.add(render as () => void);
    render(undefined as never);
    return () => void entry.listeners.delete(render as () => void);
  }, [entry]);
  const state = (entry?.state ?? { data: null, error: null, isLoading: false }) as Answered<T>;
  if (state.data) last.current = state.data;
  const isStale = state.data === null && last.current !== null;
  return { ...state, data: state.data ?? last.current, isStale };
}

const useEntry = (url: string) => {
  const held = useRef<{ url: string; entry: ReturnType<typeof entryFor> } | null>(null);
  if (held.current?.url !== url) held.current = { url, entry: entryFor(url) };
  return held.current.entry;
};
