/** Tables for people: as wide as their content, and never wider than the terminal. */
import type { Part } from './render-row.ts';
import { type Color, paint, type Style } from './style.ts';
import { cutText, cutTextStart, textWidth } from './text-width.ts';

export interface TableColumn {
  /** Two lines at most. */
  title: string;
  /** One a row, safe for a terminal. */
  cells: readonly Part[];
  /** What stands in the last line. */
  total?: string | undefined;
  align?: 'right';
  /** May be cut, at its end or (paths) at its start. */
  cut?: 'end' | 'start';
  /** Left out on a narrow terminal, the highest first. Default: never. */
  spare?: number;
}

export interface Table {
  columns: readonly TableColumn[];
  /** A bar for each row, 0 to 1, where there is room. */
  bars?: readonly number[] | undefined;
}

const GAP = 2;
const MIN_CUT = 24;
/** Where there are several. */
const MIN_CUT_EACH = 15;
/** A name gives way to bars down to this. */
const CUT_BESIDE_BARS = 20;
const MIN_BARS = 6;
const MAX_BARS = 20;

/** Lines of at most the style's columns: titles, rows, and the totals if any column has one. */
export function renderTable(style: Style, { columns, bars }: Table): string[] {
  const kept = fitting(style, columns);
  const { widths, bar } = widthsOf(style, kept, bars !== undefined);
  const line = (cells: readonly Part[], more = ''): string =>
    `${cells.map((cell, index) => pad(style, cell, { column: kept[index], width: widths[index] ?? 0 })).join(' '.repeat(GAP))}${more}`.trimEnd();
  const of = (color: Color | undefined, texts: readonly string[]): string => line(texts.map(text => ({ text, color })));
  const titles = kept.map(({ title }) => title.split('\n'));
  const isTall = titles.some(parts => parts.length > 1);
  const heads = [
    ...(isTall
      ? [
          of(
            'dim',
            titles.map(parts => (parts.length > 1 ? (parts[0] ?? '') : '')),
          ),
        ]
      : []),
    of(
      'dim',
      titles.map(parts => parts.at(-1) ?? ''),
    ),
  ];
  const count = kept[0]?.cells.length ?? 0;
  const rows = Array.from({ length: count }, (_, row) => {
    const drawn = bar > 0 ? ' '.repeat(GAP) + paint(style, 'cyan', barOf(style, bars?.[row] ?? 0, bar)) : '';
    return line(
      kept.map(({ cells }) => cells[row] ?? { text: '' }),
      drawn,
    );
  });
  const hasTotal = kept.some(({ total }) => total !== undefined);
  return [
    ...heads,
    ...rows,
    ...(hasTotal
      ? [
          of(
            'bold',
            kept.map(({ total }) => total ?? ''),
          ),
        ]
      : []),
  ];
}

const isFixed = ({ cut }: TableColumn): boolean => cut === undefined;

function naturalWidth({ title, cells, total }: TableColumn): number {
  const texts = [...title.split('\n'), ...cells.map(({ text }) => text), total ?? ''];
  return Math.max(...texts.map(textWidth));
}

/** Without the columns that there is no room for. */
function fitting(style: Style, columns: readonly TableColumn[]): readonly TableColumn[] {
  const most = columns.filter(column => !isFixed(column)).length > 1 ? MIN_CUT_EACH : MIN_CUT;
  const widths = columns.map(column =>
    Math.min(naturalWidth(column), isFixed(column) ? Number.POSITIVE_INFINITY : most),
  );
  const least = widths.reduce((sum, width) => sum + GAP + width, -GAP);
  const spare = Math.max(...columns.map(column => column.spare ?? 0));
  if (least <= style.columns || spare === 0) return columns;
  return fitting(
    style,
    columns.filter(column => (column.spare ?? 0) < spare),
  );
}

/** What is left beside the fixed columns is shared by those that may be cut, and by the bars. */
function widthsOf(style: Style, columns: readonly TableColumn[], hasBars: boolean): { widths: number[]; bar: number } {
  const natural = columns.map(naturalWidth);
  const fixed = columns.reduce((sum, column, index) => sum + (isFixed(column) ? (natural[index] ?? 0) : 0), 0);
  const room = style.columns - fixed - GAP * (columns.length - 1);
  const wanted = natural.filter((_, index) => !isFixed(columns[index] ?? { title: '', cells: [] }));
  const modest = wanted.reduce((sum, width) => sum + Math.min(width, CUT_BESIDE_BARS), 0);
  const barRoom = hasBars ? Math.min(MAX_BARS, room - GAP - Math.min(modest, room)) : 0;
  const all = wanted.reduce((sum, width) => sum + width, 0);
  // Names first, then longer bars.
  const bar = barRoom < MIN_BARS ? 0 : Math.min(MAX_BARS, Math.max(MIN_BARS, room - GAP - all));
  const shares = shared(wanted, bar > 0 ? room - GAP - bar : room);
  return {
    widths: columns.map((column, index) => (isFixed(column) ? (natural[index] ?? 0) : (shares.shift() ?? 0))),
    bar,
  };
}

/** Each gets what it wants as far as it goes; the widest give way first. */
function shared(wanted: readonly number[], room: number): number[] {
  const limit = (most: number): number => wanted.reduce((sum, width) => sum + Math.min(width, most), 0);
  let most = Math.max(0, ...wanted);
  while (most > 1 && limit(most) > room) most--;
  return wanted.map(width => Math.min(width, most));
}

interface Place {
  column: TableColumn | undefined;
  width: number;
}

function pad(style: Style, { text, color }: Part, { column, width }: Place): string {
  const { ellipsis } = style.marks;
  const fits = column?.cut === 'start' ? cutTextStart(text, width, ellipsis) : cutText(text, width, ellipsis);
  const padding = ' '.repeat(Math.max(0, width - textWidth(fits)));
  const painted = paint(style, color, fits);
  return column?.align === 'right' ? padding + painted : painted + padding;
}

function barOf({ marks }: Style, share: number, width: number): string {
  const parts = [...marks.bar];
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * parts.length);
  const whole = Math.floor(eighths / parts.length);
  const rest = eighths % parts.length;
  // What is not nothing shows.
  if (eighths === 0) return share > 0 ? (parts[0] ?? '') : '';
  return (parts.at(-1) ?? '').repeat(whole) + (rest > 0 ? (parts[rest - 1] ?? '') : '');
}
