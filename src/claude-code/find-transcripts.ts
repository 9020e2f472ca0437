/** Where Claude Code keeps its transcripts: `projects/<folder>/<session>.jsonl`, agents in `<session>/subagents/`. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import type { FolderTime, FolderTimes } from './folder-time.ts';
import { ifThere, joined, statOf } from './if-there.ts';
import { object, text } from './payload.ts';

const AGENT_FILE = /^agent-(.+)\.jsonl$/;
const HEAD_BYTES = 8192;
const SESSION = /"sessionId":\s?"([\w-]{1,128})"/;

export interface TranscriptFile {
  path: string;
  size: number;
  mtimeMs: number;
  /** When it was made, and not later than it was written: a copy may keep the time of that. */
  madeMs: number;
  /** Tells a file from another one that took its name. */
  ino: number;
}

export interface SessionFiles {
  session: string;
  /** Path of the folder of its project. */
  folder: string;
  /** Absent if only files of its agents are left. */
  main?: TranscriptFile;
  agents: AgentFile[];
}

export interface AgentFile extends TranscriptFile {
  id: string;
  isWorkflow: boolean;
  /** It lies beside the main transcripts. */
  isLoose?: boolean;
}

/** A folder that was looked through: its path, all names in it (null if there is no such folder), and its time before. */
export type SeenFolder = readonly [path: string, names: string | null, time: FolderTime];

/** What finding transcripts depends on. */
export interface Seen {
  times: FolderTimes;
  folders: SeenFolder[];
  /** Entries of these folders that are neither files nor folders: they are passed by, until they become one. */
  others: string[];
}

export interface FindOptions {
  /** Also files of agents that lie beside the main transcripts, as clients of old kept them. */
  loose?: boolean;
  /** Filled with what was looked at. */
  seen?: Seen;
}

/**
 * All sessions below a folder of the client. Files that cannot be looked at are left out.
 *
 * @returns null if the folder holds no `projects`.
 */
export function findTranscripts(folder: string, options: FindOptions = {}): SessionFiles[] | null {
  const projects = entriesOf(`${folder}/projects`, options.seen);
  if (!projects) return null;
  const sessions: SessionFiles[] = [];
  for (const project of projects)
    if (project.isDirectory()) findInProject(`${folder}/projects/${project.name}`, sessions, options);
  return sessions;
}

function findInProject(path: string, sessions: SessionFiles[], { loose, seen }: FindOptions): void {
  const found = new Map<string, SessionFiles>();
  const of = (session: string): SessionFiles => {
    const files = found.get(session) ?? { session, folder: path, agents: [] };
    found.set(session, files);
    return files;
  };
  const aside: AgentFile[] = [];
  for (const entry of entriesOf(path, seen) ?? []) {
    if (entry.isDirectory()) findAgents(`${path}/${entry.name}/subagents`, { files: of(entry.name), seen });
    else if (entry.name.endsWith('.jsonl')) {
      const session = entry.name.slice(0, -'.jsonl'.length);
      const file = fileAt(`${path}/${entry.name}`);
      const id = AGENT_FILE.exec(entry.name)?.[1];
      if (file && id === undefined) of(session).main = file;
      else if (file && id !== undefined && loose) aside.push({ ...file, id, isWorkflow: false, isLoose: true });
    }
  }
  for (const agent of aside) of(sessionOf(agent.path) ?? `agent-${agent.id}`).agents.push(agent);
  for (const files of found.values()) if (files.main || files.agents.length > 0) sessions.push(files);
}

interface AgentSearch {
  files: SessionFiles;
  seen: Seen | undefined;
  isWorkflow?: boolean;
}

function findAgents(path: string, { files, seen, isWorkflow = false }: AgentSearch): void {
  for (const entry of entriesOf(path, seen) ?? []) {
    if (entry.isDirectory()) {
      findAgents(`${path}/${entry.name}`, { files, seen, isWorkflow: isWorkflow || entry.name === 'workflows' });
      continue;
    }
    const id = AGENT_FILE.exec(entry.name)?.[1];
    const file = id === undefined ? null : fileAt(`${path}/${entry.name}`);
    if (file && id !== undefined) files.agents.push({ ...file, id, isWorkflow });
  }
}

function fileAt(path: string): TranscriptFile | null {
  const stats = statOf(path);
  if (!stats?.isFile()) return null;
  const { size, mtimeMs, birthtimeMs, ino } = stats;
  const madeMs = Math.min(birthtimeMs || mtimeMs, mtimeMs);
  return { path, size, mtimeMs: Math.floor(mtimeMs), madeMs, ino };
}

/** Nothing but its records tells the session of an agent that lies beside the main transcripts. */
function sessionOf(path: string): string | undefined {
  try {
    const fd = openSync(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(HEAD_BYTES);
      return SESSION.exec(bytes.toString('latin1', 0, readSync(fd, bytes, 0, HEAD_BYTES, 0)))?.[1];
    } finally {
      closeSync(fd);
    }
  } catch {
    // Whoever reads it will say so.
    return undefined;
  }
}

function entriesOf(path: string, seen: Seen | undefined) {
  const time = seen?.times.of(path) ?? [];
  const entries = ifThere(() => readdirSync(path, { withFileTypes: true }));
  if (!seen) return entries;
  seen.folders.push([path, entries && joined(entries.map(({ name }) => name)), time]);
  for (const entry of entries ?? [])
    if (!entry.isFile() && !entry.isDirectory()) seen.others.push(`${path}/${entry.name}`);
  return entries;
}

/** What the client keeps beside the transcript of an agent; empty for older clients. */
export function readAgentMeta(transcript: string): { type?: string; toolUse?: string } {
  try {
    const meta = object(JSON.parse(readFileSync(transcript.replace(/\.jsonl$/, '.meta.json'), 'utf8')));
    return { type: text(meta.agentType), toolUse: text(meta.toolUseId) };
  } catch {
    return {};
  }
}
