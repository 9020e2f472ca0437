// A Python to run the Python peers with, and a document for them.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bareEnv } from '../run-process.mjs';

/** The system's own first: it starts twice as fast as one behind the shim of a version manager. */
const CANDIDATES = ['/usr/bin/python3', 'python3'];
const HOOK = fileURLToPath(new URL('rewrite_hook.py', import.meta.url));
const QUERY = fileURLToPath(new URL('query.py', import.meta.url));

/** @returns the commands of the Python peers and the version; null if there is no Python here */
export function findPython() {
  for (const command of CANDIDATES) {
    const { status, stdout } = spawnSync(command, ['--version'], { env: bareEnv(), encoding: 'utf8' });
    if (status !== 0) continue;
    return {
      version: stdout.trim().replace('Python ', ''),
      hook: state => [command, HOOK, '--state', state],
      query: state => [command, QUERY, 'status', '--state', state],
    };
  }
  return null;
}

const eventOf = index => ({
  event_id: `evt-${String(index).padStart(12, '0')}`,
  event_type: 'skill_invoke_start',
  timestamp: '2026-01-10T12:00:00Z',
  level: 'skill',
  parent_event_id: null,
  activity: { type: 'skill', name: 'prototype-builder', intent: 'Generate prototype from discovery' },
  context: { stage: 'prototype', session_id: '00000000-0000-4000-8000-000000000001' },
  hierarchy: { depth: 1, path: ['/prototype'] },
});

/** Writes a document of about so many bytes, indented as the Python peers write it. */
export function writePythonDocument(path, bytes) {
  const sizeOfOne = JSON.stringify({ events: [eventOf(0)] }, null, 2).length;
  const events = Array.from({ length: Math.round(bytes / sizeOfOne) }, (_, index) => eventOf(index));
  const document = {
    schema_version: '1.0.0',
    system_name: 'Bench',
    pipeline_started_at: '2026-01-10T12:00:00Z',
    pipeline_status: 'running',
    current_context: {},
    statistics: { total_events: events.length, total_skills_invoked: events.length },
    events,
  };
  writeFileSync(path, JSON.stringify(document, null, 2));
}
