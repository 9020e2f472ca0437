/** Rows of a table by a column; what has no value is last, whichever way. */

export interface Sorting<Column extends string> {
  column: Column;
  ascending: boolean;
}

export type SortValue = number | string | null;

export function sortRows<Row, Column extends string>(
  rows: readonly Row[],
  { column, ascending }: Sorting<Column>,
  sortValue: (row: Row, column: Column) => SortValue,
): Row[] {
  const sign = ascending ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [x, y] = [sortValue(a, column), sortValue(b, column)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x < y ? -sign : x > y ? sign : 0;
  });
}
