/** The transcripts that the client keeps of one project. */
import { readdirSync, statSync } from 'node:fs';
import { systemErrorCode } from '../../errors.ts';
import { type Examination, realPath } from './examination.ts';

export interface ProjectTranscript {
  session: string;
  path: string;
  mtimeMs: number;
}

/** @throws a system error if they cannot be looked at. */
export function projectTranscripts({
  project,
  userClaude,
}: Pick<Examination, 'project' | 'userClaude'>): ProjectTranscript[] {
  // The client names the folder so.
  const names = new Set([project, realPath(project)].map(path => path.replace(/[^a-zA-Z0-9]/g, '-')));
  return [...names].flatMap(name => transcriptsIn(`${userClaude}/projects/${name}`));
}

function transcriptsIn(folder: string): ProjectTranscript[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return names.flatMap(name => {
    if (!name.endsWith('.jsonl') || name.startsWith('agent-')) return [];
    const path = `${folder}/${name}`;
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? [{ session: name.slice(0, -'.jsonl'.length), path, mtimeMs: stats.mtimeMs }] : [];
  });
}
