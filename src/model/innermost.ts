/** What somebody is inside of who was handed no parent: the innermost open activity, as far as that can be told. */
/** What must be known of an activity and of those around it. */
export interface OpenActivity {
  parent: string | null;
  level: string;
  /** As in its start. */
  program?: boolean | undefined;
}

type LookUp = (span: string) => OpenActivity | undefined;

/**
 * The last that began. Where agents run side by side, nobody can tell which of them it is: then what they have in
 * common. `open`: span ids in the order of their starts.
 */
export function innermostOpen(open: readonly string[], lookUp: LookUp): string | null {
  const innermost = open.findLast(span => !isInProgram(span, lookUp));
  if (innermost === undefined) return null;
  if (open.length === 1) return innermost;
  /** How far up each ancestor is. */
  const heights = new Map<string, number>();
  for (const span of chainFrom(innermost, lookUp)) heights.set(span, heights.size);
  let common = innermost;
  for (const span of open) {
    if (heights.has(span) || lookUp(span)?.level !== 'agent' || isInProgram(span, lookUp)) continue;
    const meeting = chainFrom(span, lookUp).find(above => heights.has(above));
    // What stands in another tree was more likely forgotten than it is at work.
    if (meeting !== undefined && height(heights, meeting) > height(heights, common)) common = meeting;
  }
  return common;
}

const height = (heights: Map<string, number>, span: string): number => heights.get(span) ?? 0;

const isInProgram = (span: string, lookUp: LookUp): boolean =>
  chainFrom(span, lookUp).some(at => lookUp(at)?.program === true);

/** An activity and those around it that are known, the innermost first. */
function chainFrom(span: string, lookUp: LookUp): string[] {
  const chain: string[] = [];
  let at = span;
  for (let found = lookUp(at); found; found = lookUp(at)) {
    chain.push(at);
    if (found.parent === null) break;
    at = found.parent;
  }
  return chain;
}
