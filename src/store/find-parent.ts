/**
 * What a program is inside of: by what it was handed in its environment, and by what is open in the state folder. For
 * programs that need the trace, which the fold gives; hooks leave the whole question to it.
 */

import { existsSync } from 'node:fs';
import { SpanbookError } from '../errors.ts';
import { readPlain } from '../journal/plain-file.ts';
import type { ActiveActivity, PipelineEvent, PipelineHead } from '../model/document-schema.ts';
import type { ProcessIdentity } from '../model/fact.ts';
import { IDLE_MILLIS, LOCAL_SESSION } from '../model/fold-activity.ts';
import { handedParent, type RemoteSpan } from '../model/handed-parent.ts';
import { spanOfEventId, startEventId } from '../model/ids.ts';
import { innermostOpen } from '../model/innermost.ts';
import { documentPath } from './document-path.ts';
import { isBehind } from './is-behind.ts';
import { isGone, ownIdentity } from './process-identity.ts';
import { readWriterSettings } from './read-settings.ts';
import { refreshDocument } from './refresh-document.ts';
import { readSoundHead } from './sound-document.ts';

interface KnownActivity {
  session: string | undefined;
  trace: string;
}

/**
 * The activity around a program, with its trace in the document; null if nothing that is known is around it. As the
 * fold does for hooks: inside a client, what was handed from elsewhere gives way to what is open in its session.
 *
 * @throws whatever reading and refreshing the document may throw.
 */
export function findParent(stateDir: string, env: Readonly<Record<string, string | undefined>>): RemoteSpan | null {
  const client = env.CLAUDE_CODE_SESSION_ID || undefined;
  const active = openActivities(stateDir);
  const handed = handedParent(env);
  if (handed) {
    const known = knownActivity(stateDir, active, handed.span);
    if (known && (client === undefined || known.session === client)) return { span: handed.span, trace: known.trace };
    if (client === undefined) return null;
  }
  const span = innermostOf(active, client ?? LOCAL_SESSION);
  const trace = span === null ? undefined : knownActivity(stateDir, active, span)?.trace;
  return span === null || trace === undefined ? null : { span, trace };
}

/** What is open, but for what is dead (queries write that down), and for what this process does itself. */
function openActivities(stateDir: string): ActiveActivity[] {
  const path = documentPath(stateDir);
  let head = headIfSound(path);
  if (isBehind(stateDir, head?.through ?? [])) {
    refreshDocument(stateDir, readWriterSettings(stateDir).maxBytes);
    head = readSoundHead(path);
  }
  if (!head) return [];
  const { active_activities: active, pipeline_updated_at: updated } = head;
  // The fold ends them all with the next fact.
  if (updated === null || Date.parse(updated) < Date.now() - IDLE_MILLIS) return [];
  const outside = new Set<string>();
  // Parents begin before what is inside them, and stand before it.
  return active.filter(({ event_id, parent_event_id, process }) => {
    const isOutside = process ? isOwn(process) || isGone(process) : outside.has(parent_event_id ?? '');
    if (isOutside) outside.add(event_id);
    return !isOutside;
  });
}

/** A damaged one counts as none, so that it is put aside and written anew. */
function headIfSound(path: string): PipelineHead | null {
  try {
    return readSoundHead(path);
  } catch (error) {
    if (error instanceof SpanbookError) return null;
    throw error;
  }
}

const isOwn = ({ pid, started, boot, namespace }: ProcessIdentity): boolean => {
  const own = ownIdentity();
  return own?.pid === pid && own.started === started && own.boot === boot && own.namespace === namespace;
};

function innermostOf(active: readonly ActiveActivity[], session: string): string | null {
  const bySpan = new Map(active.map(activity => [spanOf(activity), activity]));
  const open = active.filter(({ session_id }) => session_id === session).map(spanOf);
  return innermostOpen(open, span => {
    const found = bySpan.get(span);
    if (!found) return undefined;
    const parent = found.parent_event_id === null ? null : spanOfEventId(found.parent_event_id);
    return { parent, level: found.level, program: found.is_program };
  });
}

const spanOf = ({ event_id }: ActiveActivity): string => spanOfEventId(event_id) ?? event_id;

/** One that is open, else one that is over and not archived yet. */
function knownActivity(stateDir: string, active: readonly ActiveActivity[], span: string): KnownActivity | null {
  const open = active.find(activity => spanOf(activity) === span);
  if (open?.trace_id !== undefined) return { session: open.session_id, trace: open.trace_id };
  const start = startEventOf(stateDir, span);
  const trace = start?.trace.trace_id;
  return start && typeof trace === 'string' ? { session: start.session_id, trace } : null;
}

/** Found in the text, an event a line: parsing a large document would take longer than the program may wait. */
function startEventOf(stateDir: string, span: string): PipelineEvent | null {
  const path = documentPath(stateDir);
  if (!existsSync(path)) return null;
  const document = readPlain(path);
  const begin = document.indexOf(`\n{"event_id":"${startEventId(span)}",`);
  if (begin < 0) return null;
  const line = document.toString('utf8', begin + 1, document.indexOf('\n', begin + 1));
  return JSON.parse(line.replace(/,$/, '')) as PipelineEvent;
}
