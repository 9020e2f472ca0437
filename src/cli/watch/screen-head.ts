/** The top of the screen: what runs where, what it burns, and limits that are near. */
import { formatMoney, formatShort } from '../../model/format-amount.ts';
import { clockTime } from '../local-time.ts';
import type { Part } from '../render-row.ts';
import { formatShare } from '../usage-cells.ts';
import { type Page, type ScreenLine, screenLine } from './screen-line.ts';
import type { WatchSnapshot } from './watch-snapshot.ts';
import { LOOKS, shownText, wholeSeconds } from './watch-words.ts';

/** Narrower screens have no room for words that one can do without. */
const ROOMY = 72;

export function headLine(page: Page, { head, now, isWhole }: WatchSnapshot): ScreenLine {
  const { marks } = page;
  const places = [head.system_name, head.stage].flatMap(name => (name === null ? [] : [shownText(name)]));
  const status = head.pipeline_status;
  const look = status === 'idle' ? ({ mark: 'cancelled', color: 'dim' } as const) : LOOKS[status];
  const open = head.active_activities.length;
  const left: Part[] = [
    { text: `${marks[look.mark]} ${status}`, color: look.color },
    ...(open > 0 ? [{ text: ` (${open} open)` }] : []),
    ...(places.length > 0 ? [{ text: `  ${places.join(` ${marks.dot} `)}`, color: 'bold' as const }] : []),
  ];
  const updated = head.pipeline_updated_at;
  const age = updated === null ? '' : `last event ${wholeSeconds(now - Date.parse(updated))} ago  `;
  const right: Part[] = [
    ...(isWhole ? [] : [{ text: `loading history${marks.ellipsis}  `, color: 'yellow' as const }]),
    ...(isWhole && page.columns >= ROOMY ? [{ text: age, color: 'dim' as const }] : []),
    { text: clockTime(new Date(now).toISOString()) },
  ];
  return screenLine(page, left, right);
}

export function burnLine(page: Page, { burn: [one, five], money }: WatchSnapshot): ScreenLine {
  const { marks } = page;
  const isRoomy = page.columns >= ROOMY;
  const today: Part[] = money ? [{ text: 'today ', color: 'dim' }, { text: formatMoney(money.today) }] : [];
  if (five.requests === 0) {
    const text = isRoomy ? 'no requests in the last 5 minutes' : 'no requests in 5 min';
    return screenLine(page, [{ text, color: 'dim' }], today);
  }
  const left: Part[] = [
    { text: `${formatShort(one.tokens_per_minute)} tokens/min  ${formatMoney(one.cost_per_minute)}/min` },
    ...(isRoomy
      ? [
          {
            text: `  ${marks.dot} 5 min: ${formatShort(five.tokens_per_minute)}/min  ${formatMoney(five.cost_per_minute)}/min`,
            color: 'dim' as const,
          },
        ]
      : []),
  ];
  return screenLine(page, left, today);
}

/** What is missing here, budgets that are used up or nearly, then alerts of the last day; the last line says how many have no room. */
export function alertLines(page: Page, { money, said }: WatchSnapshot, most: number): ScreenLine[] {
  const { marks } = page;
  const lines: Part[][] = [
    ...(said === null ? [] : [[{ text: `${marks.warning} ${shownText(said)}`, color: 'yellow' as const }]]),
    ...(money?.budgets ?? []).map(({ name, share, limit, level }): Part[] => {
      const isOver = level === 'critical';
      const words = `${shownText(name)}: ${formatShare(share)} of ${formatMoney(limit)}`;
      const mark = isOver ? marks.failed : marks.warning;
      return [{ text: `${mark} ${words}`, color: isOver ? 'red' : 'yellow' }];
    }),
    ...(money?.alerts ?? [])
      // A budget is shown with what is used of it now.
      .filter(({ kind }) => kind !== 'budget')
      .map(({ level, message, at }): Part[] => {
        const mark = { info: marks.info, warning: marks.warning, critical: marks.failed }[level];
        const color = { info: 'dim', warning: 'yellow', critical: 'red' } as const;
        return [
          { text: `${mark} `, color: color[level] },
          { text: `${clockTime(at)} `, color: 'dim' },
          { text: shownText(message), color: color[level] },
        ];
      }),
  ];
  const shown = lines.slice(0, most);
  const more = lines.length - shown.length;
  return shown.map((parts, index) =>
    screenLine(page, parts, more > 0 && index === most - 1 ? [{ text: `+${more} more`, color: 'dim' }] : []),
  );
}
