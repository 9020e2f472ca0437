/** One line for the terminal of Claude Code, as much of it as fits. */
import type { StatusLine } from '../claude-code/status-line.ts';
import type { LimitWindow } from '../model/rate-limits.ts';
import { safeText } from '../query/safe-text.ts';
import { type Part, renderRow } from './render-row.ts';
import type { Color, Style } from './style.ts';
import { textWidth } from './text-width.ts';

const HIGH_PERCENT = 80;
const FULL_PERCENT = 95;
const DAY_MILLIS = 86_400_000;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The windows that are shown, with their short names. */
const WINDOWS = [
  ['five_hour', '5h'],
  ['seven_day', '7d'],
] as const;

interface Detail {
  /** When limits begin anew. */
  resets: 'all' | 'high' | 'none';
  cost: boolean;
  context: boolean;
  /** How many windows. */
  windows: number;
}

/** From the fullest to the shortest. */
const DETAILS: readonly Detail[] = [
  { resets: 'all', cost: true, context: true, windows: 2 },
  { resets: 'high', cost: true, context: true, windows: 2 },
  { resets: 'none', cost: true, context: true, windows: 2 },
  { resets: 'none', cost: false, context: true, windows: 2 },
  { resets: 'none', cost: false, context: false, windows: 2 },
  { resets: 'none', cost: false, context: false, windows: 1 },
  { resets: 'none', cost: false, context: false, windows: 0 },
];

/** `now`: milliseconds since 1970. At most as wide as the style's columns; cut only if even the shortest form is wider. */
export function renderStatusline(style: Style, line: StatusLine, now: number): string {
  const forms = DETAILS.map(detail => joined(style, groupsOf(line, detail, now)));
  const fitting = forms.find(parts => widthOf(parts) <= style.columns) ?? forms.at(-1) ?? [];
  return renderRow(style, fitting);
}

function groupsOf({ model, cost, contextPercent, limits }: StatusLine, detail: Detail, now: number): Part[][] {
  const groups: Part[][] = [[{ text: safeText(model ?? 'Claude'), color: 'bold' }]];
  if (detail.cost && cost.total_cost_usd !== undefined) groups.push([{ text: dollars(cost.total_cost_usd) }]);
  if (detail.context && contextPercent !== null) groups.push(share('ctx', contextPercent));
  for (const [name, short] of WINDOWS.slice(0, detail.windows)) {
    const window = limits[name];
    // Whose time is over says nothing about what comes now.
    if (window && !isOver(window, now))
      groups.push([...share(short, window.used_percentage), ...reset(window, detail, now)]);
  }
  return groups;
}

function joined({ marks }: Style, groups: readonly Part[][]): Part[] {
  const between: Part = { text: ` ${marks.dot} `, color: 'dim' };
  return groups.flatMap((parts, index) => (index === 0 ? parts : [between, ...parts]));
}

const widthOf = (parts: readonly Part[]): number => parts.reduce((sum, { text }) => sum + textWidth(text), 0);

const share = (name: string, percent: number): Part[] => [
  { text: `${name} `, color: 'dim' },
  { text: `${Math.floor(percent)}%`, color: heat(percent) },
];

function reset({ used_percentage, resets_at }: LimitWindow, { resets }: Detail, now: number): Part[] {
  const isWanted = resets === 'all' || (resets === 'high' && used_percentage >= HIGH_PERCENT);
  return isWanted && resets_at !== null ? [{ text: ` until ${clock(Date.parse(resets_at), now)}`, color: 'dim' }] : [];
}

const isOver = ({ resets_at }: LimitWindow, now: number): boolean => resets_at !== null && Date.parse(resets_at) <= now;

const heat = (percent: number): Color | undefined =>
  percent >= FULL_PERCENT ? 'red' : percent >= HIGH_PERCENT ? 'yellow' : undefined;

const dollars = (amount: number): string => `$${amount.toFixed(amount < 1000 ? 2 : 0)}`;

/** `14:05`, with the day if it is not within a day: in the zone of this machine. */
function clock(at: number, now: number): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return at - now < DAY_MILLIS ? time : `${DAYS[date.getDay()]} ${time}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
