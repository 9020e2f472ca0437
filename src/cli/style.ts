/** How answers look on this terminal: colours, characters, width. */
import type { CliContext } from './cli-context.ts';

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 40;
/** Wider than this, a duration is too far from its name for the eye. */
const MAX_COLUMNS = 120;

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Color = keyof typeof CODES;

export interface Style {
  color: boolean;
  columns: number;
  marks: Marks;
}

/** The characters that are no letters. */
export interface Marks {
  completed: string;
  failed: string;
  running: string;
  cancelled: string;
  warning: string;
  info: string;
  branch: string;
  lastBranch: string;
  pass: string;
  ellipsis: string;
  dot: string;
  arrow: string;
  /** What a bar is drawn with, from the least part of a column to a whole one. */
  bar: string;
  /** Behind names: known by the one that called; known by the time. */
  inherited: string;
  timeWindow: string;
}

const UNICODE: Marks = {
  completed: '✔',
  failed: '✖',
  running: '●',
  cancelled: '◌',
  warning: '⚠',
  info: 'ℹ',
  branch: '├─ ',
  lastBranch: '└─ ',
  pass: '│  ',
  ellipsis: '…',
  dot: '·',
  arrow: '›',
  bar: '▏▎▍▌▋▊▉█',
  inherited: '~',
  timeWindow: '≈',
};

const ASCII: Marks = {
  completed: '+',
  failed: 'x',
  running: '*',
  cancelled: 'o',
  warning: '!',
  info: 'i',
  branch: '|- ',
  lastBranch: '`- ',
  pass: '|  ',
  ellipsis: '...',
  dot: '-',
  arrow: '>',
  bar: '#',
  inherited: '~',
  timeWindow: '?',
};

/** Colours only on a terminal and not with `NO_COLOR`; plain characters if the locale says that it is not UTF-8. */
export function styleOf(context: Pick<CliContext, 'env' | 'isTty' | 'columns'>): Style {
  const { env, isTty } = context;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  // No locale at all is how containers and services run; what shows their output knows UTF-8.
  const plain = locale === '' ? env.TERM === 'linux' : !/utf-?8/i.test(locale);
  const columns = context.columns || DEFAULT_COLUMNS;
  return {
    color: isTty && !env.NO_COLOR && env.TERM !== 'dumb',
    columns: Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, columns)),
    marks: plain ? ASCII : UNICODE,
  };
}

/** The text in a colour, if this terminal has colours. */
export const paint = (style: Style, color: Color | undefined, text: string): string =>
  style.color && color && text !== '' ? `\x1b[${CODES[color]}m${text}\x1b[0m` : text;
