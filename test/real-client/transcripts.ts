/** What the client wrote down by itself: its transcripts, and its notes on the agents that it started. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Project } from './project.ts';

export interface TranscriptRecord {
  type: string;
  subtype?: string;
  attachment?: { type: string };
  [key: string]: unknown;
}

export interface AgentNote {
  agentType: string;
  description?: string;
  toolUseId?: string;
  spawnDepth?: number;
}

/** Of all sessions of the project and of all their agents. */
export const transcriptLines = (project: Project): string[] =>
  filesOf(project, '.jsonl').flatMap(path =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => line !== ''),
  );

export const agentNotes = (project: Project): AgentNote[] =>
  filesOf(project, '.meta.json').map(path => JSON.parse(readFileSync(path, 'utf8')) as AgentNote);

const filesOf = ({ home }: Project, ending: string): string[] =>
  readdirSync(`${home}/.claude/projects`, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(ending))
    .map(entry => `${entry.parentPath}/${entry.name}`);
