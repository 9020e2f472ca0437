/** Where the page is, and how it goes elsewhere without being loaded again. */
import { makeSignal } from '../net/make-signal.ts';

export interface Place {
  path: string;
  /** With its question mark; empty if there is none. */
  search: string;
}

const here = (): Place => ({ path: location.pathname, search: location.search });

const place = makeSignal<Place>(here());

export const usePlace = place.use;

export function goTo(address: string, { replace = false } = {}): void {
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  place.set(here());
  if (!replace) window.scrollTo(0, 0);
}

/** Changes parameters of the address that is shown; null takes one out. */
export function setParameters(changes: Record<string, string | null>, { replace = true } = {}): void {
  const parameters = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') parameters.delete(name);
    else parameters.set(name, value);
  }
  const search = parameters.toString();
  goTo(location.pathname + (search === '' ? '' : `?${search}`), { replace });
}

export function followPlace(): void {
  addEventListener('popstate', () => place.set(here()));
  document.addEventListener('click', event => {
    const link = (event.target as Element | null)?.closest?.('a');
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.target !== '' || link.origin !== location.origin) return;
    if (link.hash !== '') return;
    event.preventDefault();
    goTo(link.pathname + link.search);
  });
}
