/** Rows of runs, page by page, as far as somebody scrolls; asked again when something changed. */
import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { RunRow } from '../../../query/runs/run-row.ts';
import type { RunsAnswer } from '../../answers.ts';
import { entryFor } from '../net/answers-store.ts';
import { type AskError, address } from '../net/ask.ts';

export const PAGE_SIZE = 100;

export interface RunPages {
  /** Null: not read yet. */
  rowAt(index: number): RunRow | null;
  /** Of the newest answer; null before the first. */
  answer: RunsAnswer | null;
  error: AskError | null;
  /** What is shown belongs to an earlier question. */
  isStale: boolean;
}

/** `first`, `end`: the rows that are seen. */
export function useRunPages(query: Record<string, string>, { first, end }: { first: number; end: number }): RunPages {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const last = useRef<{ key: string; pages: Map<number, RunsAnswer> }>({ key: '', pages: new Map() });
  const key = JSON.stringify(query);
  const from = Math.floor(first / PAGE_SIZE);
  const to = Math.floor(Math.max(first, end - 1) / PAGE_SIZE);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const entries = numbers.map(number => ({
    number,
    entry: entryOf(address('/api/runs', { ...query, offset: number * PAGE_SIZE || null, limit: PAGE_SIZE })),
  }));
  const shown = entries.map(({ entry }) => entry);
  useEffect(() => {
    const listener = (): void => render(undefined as never);
    for (const entry of shown) entry.listeners.add(listener);
    listener();
    return () => {
      for (const entry of shown) entry.listeners.delete(listener);
    };
  }, [key, from, to]);

  const has = entries.filter(({ entry }) => entry.state.data !== null);
  // Until the first answer to a new question the rows of the old one stay.
  if (last.current.key !== key && has.length > 0) last.current = { key, pages: new Map() };
  for (const { number, entry } of has) last.current.pages.set(number, entry.state.data as RunsAnswer);
  const { pages } = last.current;
  const answer = has.length > 0 ? (has[0]?.entry.state.data as RunsAnswer) : ([...pages.values()].at(-1) ?? null);
  return {
    rowAt: index => pages.get(Math.floor(index / PAGE_SIZE))?.runs[index % PAGE_SIZE] ?? null,
    answer,
    error: shown.find(({ state }) => state.error)?.state.error ?? null,
    isStale: last.current.key !== key,
  };
}

type Entry = ReturnType<typeof entryFor>;

/** Asked once for as long as it is drawn: `entryFor` asks again what nobody listens to yet. */
const held = new Map<string, WeakRef<Entry>>();
function entryOf(url: string): Entry {
  const known = held.get(url)?.deref();
  if (known && (known.listeners.size > 0 || known.inFlight)) return known;
  const entry = entryFor(url);
  if (held.size > 200) held.clear();
  held.set(url, new WeakRef(entry));
  return entry;
}
