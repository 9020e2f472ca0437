/** Changes to files, as data and for people. */
import { dirname } from 'node:path';
import type { FilePlan } from '../claude-code/file-plan.ts';
import { safeText } from '../query/safe-text.ts';

export interface PlannedFiles {
  created: string[];
  updated: string[];
  removed: string[];
}

export const plannedFiles = ({ folders, changes }: FilePlan): PlannedFiles => ({
  created: [...folders, ...changes.filter(({ was }) => was === null).map(({ path }) => path)],
  updated: changes.filter(({ was, content }) => was !== null && content !== null).map(({ path }) => path),
  removed: changes.filter(({ content }) => content === null).map(({ path }) => path),
});

/** One line for each file, but one for all files in our own folder. */
export function renderPlan({ changes }: FilePlan, hooksDir: string, isDry: boolean): string[] {
  const words = isDry ? ['would make', 'would change', 'would remove'] : ['made', 'changed', 'removed'];
  const lines = new Map<string, number>();
  for (const { path, was, content } of changes) {
    const word = content === null ? words[2] : was === null ? words[0] : words[1];
    const isHook = dirname(path) === hooksDir;
    const line = `  ${word?.padEnd(isDry ? 13 : 8)} ${safeText(isHook ? hooksDir : path)}`;
    lines.set(line, (lines.get(line) ?? 0) + (isHook ? 1 : 0));
  }
  return [...lines].map(([line, files]) =>
    files === 0 ? line : `${line} (${files} ${files === 1 ? 'file' : 'files'})`,
  );
}
