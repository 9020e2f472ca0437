/** A value that components follow. */
import { useEffect, useState } from 'preact/hooks';

export interface Signal<T> {
  now(): T;
  set(value: T): void;
  /** In a component: the value, and a new rendering whenever it changes. */
  use(): T;
  listen(listener: (value: T) => void): () => void;
}

export function makeSignal<T>(first: T): Signal<T> {
  let value = first;
  const listeners = new Set<(value: T) => void>();
  const listen = (listener: (value: T) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    now: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(next);
    },
    use() {
      const [shown, show] = useState<T>(() => value);
      useEffect(() => {
        show(() => value);
        return listen(next => show(() => next));
      }, []);
      return shown;
    },
    listen,
  };
}
