/** Answers that are shown, by their address: asked once, shared, and asked again when something has changed. */
import { AskError, ask } from './ask.ts';

export interface Answered<T> {
  data: T | null;
  error: AskError | null;
  isLoading: boolean;
}

interface Entry {
  url: string;
  state: Answered<unknown>;
  listeners: Set<() => void>;
  inFlight: boolean;
  /** Something changed since it was asked. */
  isStale: boolean;
  /** Performance time of the last question. */
  askedAt: number;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Not more often than this, however much happens. */
const MIN_GAP_MILLIS = 500;
const KEPT = 24;

const entries = new Map<string, Entry>();

export function entryFor(url: string): Entry {
  const known = entries.get(url);
  if (known) {
    // What nobody looked at was not kept up.
    if (known.listeners.size === 0 && !known.inFlight) load(known);
    return known;
  }
  const entry: Entry = {
    url,
    state: { data: null, error: null, isLoading: true },
    listeners: new Set(),
    inFlight: false,
    isStale: false,
    askedAt: Number.NEGATIVE_INFINITY,
    timer: null,
  };
  entries.set(url, entry);
  for (const [key, old] of entries) {
    if (entries.size <= KEPT) break;
    if (old.listeners.size === 0 && !old.inFlight && old !== entry) entries.delete(key);
  }
  load(entry);
  return entry;
}

/** All that is shown is asked again: at once if it was not asked lately, and while the page is seen. */
export function askAgain(): void {
  for (const entry of entries.values()) {
    entry.isStale = true;
    if (entry.listeners.size > 0) schedule(entry);
  }
}

function schedule(entry: Entry): void {
  if (entry.inFlight || entry.timer !== null || document.visibilityState !== 'visible') return;
  const wait = Math.max(0, MIN_GAP_MILLIS - (performance.now() - entry.askedAt));
  entry.timer = setTimeout(() => {
    entry.timer = null;
    if (entry.listeners.size > 0) load(entry);
  }, wait);
}

function load(entry: Entry): void {
  entry.inFlight = true;
  entry.isStale = false;
  entry.askedAt = performance.now();
  void ask(entry.url).then(
    data => settle(entry, { data, error: null, isLoading: false }),
    (error: unknown) =>
      settle(entry, {
        data: entry.state.data,
        error: error instanceof AskError ? error : new AskError(0, 'FAILED', String(error)),
        isLoading: false,
      }),
  );
}

function settle(entry: Entry, state: Answered<unknown>): void {
  entry.inFlight = false;
  entry.state = state;
  for (const listener of [...entry.listeners]) listener();
  if (entry.isStale && entry.listeners.size > 0) schedule(entry);
}

/** When the page is looked at again. */
export function askStale(): void {
  for (const entry of entries.values()) if (entry.isStale && entry.listeners.size > 0) schedule(entry);
}
