/** What the keys do. */
import { type Page, type ScreenLine, screenLine } from './screen-line.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Up Down  j k', 'one row up or down'],
  ['PgUp PgDn', 'one screen up or down'],
  ['g G', 'to the first row (and stay there), to the last'],
  ['Right Left  l h', 'show, hide what is below; to what is above'],
  ['Space', 'show or hide what is below'],
  ['a', 'all open, all folded, what runs open'],
  ['Enter', 'all about one activity; Esc leads back'],
  ['/', 'only runs with this text; Esc: all again'],
  ['s', 'sort: recent, duration, cost, tokens, errors'],
  ['r', 'only what runs'],
  ['e', 'only runs with errors or warnings'],
  ['Ctrl-L', 'draw the screen anew'],
  ['Ctrl-Z', 'suspend; fg comes back'],
  ['q  Ctrl-C', 'quit'],
];

export function helpLines(page: Page): ScreenLine[] {
  const width = page.columns >= 60 ? 17 : 11;
  return [
    screenLine(page, [{ text: 'Keys', color: 'bold' }]),
    ...KEYS.map(([keys, words]) =>
      screenLine(page, [{ text: `  ${keys.slice(0, width - 1).padEnd(width)}`, color: 'cyan' }, { text: words }]),
    ),
    screenLine(page, []),
    screenLine(page, [{ text: 'Tokens are of all kinds, cache reads too; cost is at list prices.', color: 'dim' }]),
    screenLine(page, [{ text: 'Both are with all that is below.', color: 'dim' }]),
  ];
}
