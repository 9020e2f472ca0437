/** Which rows of a long list are drawn. */

export interface VirtualWindow {
  /** First row that is drawn, and the one after the last. */
  first: number;
  end: number;
  /** Pixels in place of the rows before and after. */
  before: number;
  after: number;
}

export interface VirtualQuery {
  count: number;
  /** Pixels. */
  rowHeight: number;
  scrollTop: number;
  height: number;
  /** Rows drawn beyond what is seen. Default: 8. */
  spare?: number | undefined;
}

export function virtualWindow({ count, rowHeight, scrollTop, height, spare = 8 }: VirtualQuery): VirtualWindow {
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const seen = Math.ceil(Math.max(0, height) / rowHeight) + 1;
  const first = Math.max(0, Math.min(top - spare, count - seen));
  const end = Math.min(count, top + seen + spare);
  return { first, end, before: first * rowHeight, after: Math.max(0, count - end) * rowHeight };
}

/** Where to scroll to so that a row is seen; null: it is. */
export function scrollToRow(row: number, { rowHeight, scrollTop, height }: Omit<VirtualQuery, 'count'>): number | null {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : null;
}
