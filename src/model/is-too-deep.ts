/** Whether a value is nested deeper than can be written as JSON without running out of stack. */
export function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some(item => isTooDeep(item, depth - 1));
}
