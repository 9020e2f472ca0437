/** What the activities with these spans made themselves, by span. */
export function bySpan<T extends { span: string | null }>(
  all: readonly T[],
  spans: ReadonlySet<string>,
): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    if (one.span === null || !spans.has(one.span)) continue;
    const list = found.get(one.span) ?? [];
    found.set(one.span, list);
    list.push(one);
  }
  return found;
}
