/** A temporary state folder, removed after the test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readDocument } from '../../src/store/read-document.ts';

export function makeStateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spanbook-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state');
}

export interface DocumentEvent {
  event_id: string;
  event_type: string;
  level: string;
  parent_event_id: string | null;
  activity: { type: string; name: string; label?: string; intent?: string; stage?: string };
  context: { stage: string | null; system_name: string | null };
  hierarchy: { depth: number; path: string[] };
  source: string;
  session_id: string;
  trace: { trace_id: string; span_id: string; parent_span_id: string | null };
  status?: string;
  duration_ms?: number;
  related_start_event_id?: string;
  attributes?: Record<string, unknown>;
  outputs?: unknown;
  error?: { type: string; message: string; severity: string; recovery?: unknown };
  warning?: { type: string; message: string };
  message?: string;
  usage?: { self: Record<string, number>; total: Record<string, number> };
}

export interface StateDocument {
  pipeline_status: string;
  stage: string | null;
  system_name: string | null;
  statistics: Record<string, number>;
  active_activities: { name: string; path: string[] }[];
  events: DocumentEvent[];
}

export function readState(stateDir: string): StateDocument {
  return JSON.parse(readFileSync(join(stateDir, 'pipeline_progress.json'), 'utf8')) as StateDocument;
}

/** The same as queries see it: a hook that finds the disk slow leaves the file to the next one. */
export const askState = (stateDir: string): StateDocument =>
  readDocument(stateDir, () => {}) as unknown as StateDocument;

/** `parent > child` for every start, sorted: the tree without its order. */
export function edgesOf(document: StateDocument): string[] {
  return document.events
    .filter(event => event.event_type.endsWith('_start'))
    .map(event => [...event.hierarchy.path, event.activity.name].join(' > '))
    .sort();
}
