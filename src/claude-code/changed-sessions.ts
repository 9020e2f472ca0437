/** Which sessions of the client have something new, and in which order they are to be read. */
import { closeSync, openSync, readSync } from 'node:fs';
import { findTranscripts, type Seen, type SessionFiles, type TranscriptFile } from './find-transcripts.ts';
import type { SessionToScan } from './scan-session.ts';
import type { PackedSession } from './usage-state.ts';

/** The first prompt may be long, and what the client was told before it. */
const HEADS_BYTES = [1 << 16, 1 << 20];
const TIME = /"timestamp":\s?"([^"]{20,40})"/;
const FORK_KEYS = ['"forkedFrom":', '"requestSessionId":'];

export interface FoundFile extends TranscriptFile {
  agent?: string;
  isWorkflow?: boolean;
  isLoose?: boolean;
}

export interface FoundSession {
  /** Unique among all folders. */
  key: string;
  session: string;
  /** Name of the project's folder at the client. */
  folder: string;
  files: readonly FoundFile[];
}

/** What is known of files and sessions from the last reading. */
export interface KnownTranscripts {
  files: ReadonlyMap<string, { offset: number; tail: string; damaged: number; ino: number }>;
  /** As `packSession` gives it, in JSON. */
  sessions: ReadonlyMap<string, string>;
}

/** All sessions in these folders of the client. A folder without transcripts gives none. */
export const claudeTranscripts = (claudeDirs: readonly string[]): FoundSession[] =>
  claudeDirs.flatMap(folder => transcriptsIn(folder));

/** All sessions in a folder of the client. `seen`: filled with what was looked at. */
export const transcriptsIn = (claudeDir: string, seen?: Seen): FoundSession[] =>
  (findTranscripts(claudeDir, { loose: true, seen }) ?? []).map(foundSession);

function foundSession({ session, folder, main, agents }: SessionFiles): FoundSession {
  const files: FoundFile[] = agents.map(({ id, ...file }) => ({ ...file, agent: id }));
  if (main) files.unshift(main);
  return { key: `${folder}/${session}`, session, folder: folder.slice(folder.lastIndexOf('/') + 1), files };
}

/**
 * Sessions in the order in which they began: what a fork repeats belongs to the session that it was said in, and who
 * tells of a request first says to what it belongs.
 */
export function sessionsToScan(
  sessions: readonly { found: FoundSession; changed: readonly FoundFile[] }[],
  known: KnownTranscripts,
  now: number,
): SessionToScan[] {
  return sessions
    .map(({ found, changed }) => ({ ...birthOf(found), found, changed }))
    .sort((a, b) => a.at - b.at || a.repeats - b.repeats || a.madeMs - b.madeMs || a.mtimeMs - b.mtimeMs)
    .map(({ found, changed }) => ({
      key: found.key,
      session: found.session,
      folder: found.folder,
      files: changed.map(({ path, agent, isWorkflow, isLoose, mtimeMs, ino }) => {
        const last = known.files.get(path);
        const { offset, tail, damaged } = last?.ino === ino ? last : { offset: 0, tail: '', damaged: 0 };
        return { path, agent, isWorkflow, isLoose, mtimeMs, offset, tail, damaged };
      }),
      state: stateOf(known.sessions.get(found.key)),
      now,
    }));
}

function stateOf(text: string | undefined): PackedSession | null {
  return text === undefined ? null : (JSON.parse(text) as PackedSession);
}

interface Birth {
  /** First time in its transcript. */
  at: number;
  repeats: number;
  /** When the file was made; if nobody knows, or it is a copy, when it was last written. */
  madeMs: number;
  mtimeMs: number;
}

/** Old forks begin at the time of the session that they repeat; their file was made later. */
function birthOf({ files }: FoundSession): Birth {
  const [first] = files;
  if (!first) return { at: 0, repeats: 0, madeMs: 0, mtimeMs: 0 };
  const { path, madeMs, mtimeMs } = first;
  let head = '';
  let at = Number.NaN;
  for (const bytes of HEADS_BYTES) {
    if (!Number.isNaN(at)) break;
    head = headOf(path, bytes);
    at = Date.parse(TIME.exec(head)?.[1] ?? '');
  }
  const repeats = FORK_KEYS.some(key => head.includes(key)) ? 1 : 0;
  return { at: Number.isNaN(at) ? mtimeMs : at, repeats, madeMs, mtimeMs };
}

function headOf(path: string, length: number): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.toString('latin1', 0, readSync(fd, bytes, 0, length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    // Whoever reads it will say so.
    return '';
  }
}
