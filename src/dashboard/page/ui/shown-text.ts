/** Names and messages from outside, as the page shows them: short enough to lay out, with what is invisible made visible. */
import { safeText } from '../../../query/safe-text.ts';

const SHORT = 240;

/** Cut before it is made safe: a name may be a megabyte long. CSS cuts it further where there is no room. */
export function shownText(text: string | null | undefined, max = SHORT): string {
  if (!text) return '';
  if (text.length <= max) return safeText(text);
  return `${safeText(text.slice(0, max))}…`;
}

/** For a title: more of it, yet no megabyte. */
export const wholeText = (text: string | null | undefined): string => shownText(text, 2000);

/** Several lines of it stay lines. */
export const shownLines = (text: string, max = 20_000): string => {
  const lines = text.slice(0, max).split('\n').map(safeText).join('\n');
  return text.length > max ? `${lines}…\n(${text.length - max} more characters)` : lines;
};
