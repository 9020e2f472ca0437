/** A name from outside: as text, cut where there is no room, the whole of it in its title. */
import { shownText, wholeText } from './shown-text.ts';

export const Name = ({ text, label }: { text: string; label?: string | null }) => (
  <span class="name" title={wholeText(label ? `${text.slice(0, 1000)} — ${label}` : text)}>
    {shownText(text) || '(no name)'}
    {label && <span class="label"> {shownText(label)}</span>}
  </span>
);
