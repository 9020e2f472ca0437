/** Where Claude Code keeps its transcripts: `projects/<folder>/<session>.jsonl`, agents in `<session>/subagents/`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { systemErrorCode } from '../errors.ts';
import { object, text } from './payload.ts';

const AGENT_FILE = /^agent-(.+)\.jsonl$/;

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
  agents: (TranscriptFile & { id: string; isWorkflow: boolean })[];
}

/** The folder of the client's own files. */
export const claudeDir = (env: Record<string, string | undefined>): string =>
  env.CLAUDE_CONFIG_DIR || `${env.HOME ?? ''}/.claude`;

export interface FindOptions {
  /** Also files of agents that lie beside the others, as some clients kept them: each as a session of its own. */
  loose?: boolean;
}

/**
 * All sessions below a folder of the client. Files that cannot be looked at are left out.
 *
 * @returns null if the folder holds no `projects`.
 */
export function findTranscripts(folder: string, options: FindOptions = {}): SessionFiles[] | null {
  const projects = entriesOf(`${folder}/projects`);
  if (!projects) return null;
  const sessions: SessionFiles[] = [];
  for (const project of projects)
    if (project.isDirectory()) findInProject(`${folder}/projects/${project.name}`, sessions, options);
  return sessions;
}

function findInProject(path: string, sessions: SessionFiles[], { loose }: FindOptions): void {
  const found = new Map<string, SessionFiles>();
  const of = (session: string): SessionFiles => {
    const files = found.get(session) ?? { session, folder: path, agents: [] };
    found.set(session, files);
    return files;
  };
  for (const entry of entriesOf(path) ?? []) {
    if (entry.isDirectory()) findAgents(`${path}/${entry.name}/subagents`, of(entry.name), false);
    else if (entry.name.endsWith('.jsonl')) {
      const session = entry.name.slice(0, -'.jsonl'.length);
      const file = fileAt(`${path}/${entry.name}`);
      const id = AGENT_FILE.exec(entry.name)?.[1];
      if (file && id === undefined) of(session).main = file;
      // Nothing tells their session but their records.
      else if (file && id !== undefined && loose) of(session).agents.push({ ...file, id, isWorkflow: false });
    }
  }
  for (const files of found.values()) if (files.main || files.agents.length > 0) sessions.push(files);
}

function findAgents(path: string, files: SessionFiles, isWorkflow: boolean): void {
  for (const entry of entriesOf(path) ?? []) {
    if (entry.isDirectory()) {
      findAgents(`${path}/${entry.name}`, files, isWorkflow || entry.name === 'workflows');
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
  const madeMs = Math.floor(Math.min(birthtimeMs || mtimeMs, mtimeMs));
  return { path, size, mtimeMs: Math.floor(mtimeMs), madeMs, ino };
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A link that leads nowhere or round in circles, a folder that is closed to us.
    return undefined;
  }
}

function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return null;
    throw error;
  }
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
