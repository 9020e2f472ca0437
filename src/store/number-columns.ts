/** Columns of numbers in a file: each as wide as its largest number needs, because a report reads and checks all of them. */
import type { NumberColumn } from '../usage/row-table.ts';
import { padded } from './index-file.ts';

/** Bytes of a number; 0 for a column of zeros, which is not kept. 8 holds any number, the others whole ones. */
export type Width = 0 | 1 | 2 | 4 | 8;

const TYPES = { 0: Uint8Array, 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: Float64Array } as const;

/** These rows of a column, in as few bytes as hold them. */
export function narrowed(column: NumberColumn, rows: Uint32Array): NumberColumn {
  let most = 0;
  let isWhole = true;
  for (let index = 0; index < rows.length; index++) {
    const value = column[rows[index] ?? 0] ?? 0;
    if (value > most) most = value;
    if (value < 0 || !Number.isInteger(value)) isWhole = false;
  }
  const Type = TYPES[isWhole ? widthFor(most) : 8];
  const narrow = new Type(most === 0 && isWhole ? 0 : rows.length);
  for (let index = 0; index < narrow.length; index++) narrow[index] = column[rows[index] ?? 0] ?? 0;
  return narrow;
}

function widthFor(most: number): Width {
  if (most < 2 ** 8) return 1;
  if (most < 2 ** 16) return 2;
  return most < 2 ** 32 ? 4 : 8;
}

export const widthOf = ({ length, BYTES_PER_ELEMENT: bytes }: NumberColumn): Width =>
  length === 0 ? 0 : (bytes as Width);

/** The columns one after the other, in as many bytes as they need. */
export function packColumns(columns: readonly NumberColumn[]): Uint8Array {
  const packed = new Uint8Array(columns.reduce((sum, { byteLength }) => sum + padded(byteLength), 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of columns) {
    packed.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += padded(byteLength);
  }
  return packed;
}

/** Gives the columns that were packed, in their order; they lie in the same bytes. */
export class ColumnReader {
  readonly #buffer: ArrayBuffer;
  readonly #rows: number;
  readonly #widths: readonly Width[];
  #at = 0;
  #column = 0;

  constructor(buffer: ArrayBuffer, { rows, widths }: { rows: number; widths: readonly Width[] }) {
    this.#buffer = buffer;
    this.#rows = rows;
    this.#widths = widths;
  }

  next(): NumberColumn {
    const width = this.#widths[this.#column++] ?? 0;
    if (width === 0) return new Uint8Array(this.#rows);
    const column = new TYPES[width](this.#buffer, this.#at, this.#rows);
    this.#at += padded(width * this.#rows);
    return column;
  }
}
