/** Stages by name: the rules of the settings, read from the top; the first that fits wins. */

/** Patterns of names with the stage of each, in the order in which they stand in the settings. */
export type StageRules = readonly (readonly [pattern: string, stage: string])[];

/** The stage of what has this name; undefined if no rule fits. */
export function stageOf(rules: StageRules, name: string): string | undefined {
  for (const [pattern, stage] of rules) if (fits(pattern, name)) return stage;
  return undefined;
}

/** `*` stands for any text, `?` for one character. A pattern without a slash fits commands by their bare name too. */
function fits(pattern: string, name: string): boolean {
  return isLike(name, pattern) || (name.startsWith('/') && !pattern.startsWith('/') && isLike(name.slice(1), pattern));
}

/** Greedy, going back to the last `*` only: its time grows with the product of the lengths, whatever the pattern. */
function isLike(text: string, pattern: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place++;
      resume = at;
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at])) {
      at++;
      place++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[place] === '*') place++;
  return place === pattern.length;
}
