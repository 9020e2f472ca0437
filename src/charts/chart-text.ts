/** Names from outside as charts may show them: short, on one line, and obeyed by nothing. */
import { safeText } from '../query/safe-text.ts';

const MAX_LENGTH = 40;

/**
 * A name for an axis, a legend or a tooltip. A name that every object has, as `__proto__`, gets a space at its end: the
 * renderer keeps the widths of texts in a plain object, and would write into the prototype of all others.
 */
export function chartText(name: string, max = MAX_LENGTH): string {
  // Cut before it is made safe: a name may be a megabyte long.
  const short = [...safeText(name.slice(0, 4 * max))];
  const text = short.length > max ? `${short.slice(0, max - 1).join('')}…` : short.join('');
  return text in {} ? `${text} ` : text;
}

/** Text inside a rich tooltip, where `{style|text}` would be markup. */
export const plainInRich = (text: string): string => text.replace(/\{(?=\w+\|)/g, '{ ');

/** The names of several series or bars, each made different from those before it: the legend tells them by it. */
export function distinctTexts(names: readonly string[], max?: number): string[] {
  const seen = new Set<string>();
  return names.map(name => {
    const text = chartText(name, max);
    let distinct = text;
    for (let number = 2; seen.has(distinct); number++) distinct = `${text} (${number})`;
    seen.add(distinct);
    return distinct;
  });
}
