/** A table as data: every format of a report shows the same ones. */

/** How a column is shown; values stay numbers and RFC 3339 texts until then. */
export type ColumnKind = 'name' | 'text' | 'count' | 'money' | 'exact-money' | 'duration' | 'share' | 'time' | 'day';

export interface ReportColumn {
  /** For people. */
  title: string;
  /** For programs: as in the JSON of the command line. */
  key: string;
  kind: ColumnKind;
}

/** Null: there is nothing to show. */
export type ReportValue = string | number | null;

export interface ReportTable {
  /** As `--table` names it; tables that it does not name have an id of their own. */
  id: string;
  title: string;
  columns: readonly ReportColumn[];
  rows: readonly (readonly ReportValue[])[];
  /** The last line; its first value is a word. */
  total?: readonly ReportValue[] | undefined;
  /** What is said in place of an empty table. */
  empty: string;
}

/** Columns that are read as numbers. */
export const isNumeric = (kind: ColumnKind): boolean => !['name', 'text', 'time', 'day'].includes(kind);
