/** Finds the row of a table of numbers by what stands in its columns: a hash table of row numbers, without objects. */
import { fmix, rotl } from '../model/ids.ts';

/** A column of numbers, as wide as the largest of them needs. */
export type NumberColumn = Uint8Array | Uint16Array | Uint32Array | Float64Array;

const FIRST_SLOTS = 1 << 10;

export class RowTable {
  /** Each is one more than a row; 0 is empty. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #used = 0;

  /** The row that has these values in these columns; −1 if there is none. */
  find(values: readonly number[], columns: readonly NumberColumn[]): number {
    return (this.#slots[this.#slotOf(values, columns)] ?? 0) - 1;
  }

  /** Adds a row that has these values; there is none like it. */
  add(row: number, values: readonly number[], columns: readonly NumberColumn[]): void {
    this.#slots[this.#slotOf(values, columns)] = row + 1;
    if (++this.#used > this.#slots.length / 2) this.#grow(columns);
  }

  #slotOf(values: readonly number[], columns: readonly NumberColumn[]): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(values) & mask;
    for (let row = this.#slots[slot] ?? 0; row !== 0; row = this.#slots[slot] ?? 0) {
      if (isAt(row - 1, values, columns)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(columns: readonly NumberColumn[]): void {
    const rows = this.#slots;
    this.#slots = new Uint32Array(2 * rows.length);
    const mask = this.#slots.length - 1;
    const values: number[] = [];
    for (const row of rows) {
      if (row === 0) continue;
      for (const [index, column] of columns.entries()) values[index] = column[row - 1] ?? 0;
      let slot = hashOf(values) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row;
    }
  }
}

function isAt(row: number, values: readonly number[], columns: readonly NumberColumn[]): boolean {
  for (let index = 0; index < values.length; index++) if (columns[index]?.[row] !== values[index]) return false;
  return true;
}

function hashOf(values: readonly number[]): number {
  let hash = 0;
  for (let index = 0; index < values.length; index++)
    hash = Math.imul(rotl(hash, 5) ^ (values[index] ?? 0), 0x9e3779b1);
  return fmix(hash);
}
