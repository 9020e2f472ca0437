/** Keys that work everywhere: `g` and a letter goes to a view, `/` searches, `?` helps. */
import { goTo } from '../route/place.ts';

const PLACES: Record<string, string> = { n: '/now', r: '/runs', u: '/usage', h: '/health' };
const SECOND_KEY_MILLIS = 1200;

export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return !!target?.closest?.('input, select, textarea, [contenteditable]');
}

export function followKeys({ showHelp }: { showHelp: () => void }): () => void {
  let goneAt = Number.NEGATIVE_INFINITY;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (document.querySelector('dialog[open]')) return;
    const isSecond = performance.now() - goneAt < SECOND_KEY_MILLIS;
    goneAt = Number.NEGATIVE_INFINITY;
    const place = PLACES[event.key];
    if (isSecond && place) {
      event.preventDefault();
      goTo(place);
    } else if (event.key === 'g') {
      goneAt = performance.now();
    } else if (event.key === '?') {
      event.preventDefault();
      showHelp();
    } else if (event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('input[type="search"]');
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
