/** One activity with all that is known of it, and where its content lies. */
import type { EndEvent, PipelineDocument, StartEvent } from '../model/document-schema.ts';
import { spanOfEventId } from '../model/ids.ts';
import type { FoldState } from '../model/state.ts';
import { buildHierarchy } from './build-hierarchy.ts';
import { isEnd, isStart, type NoteEvent } from './event-kinds.ts';
import { type FoundNode, findNode } from './find-node.ts';

export interface ShownActivity extends FoundNode {
  ended_at: string | null;
  intent: string | null;
  stage: string | null;
  system_name: string | null;
  trace: StartEvent['trace'] | null;
  source: StartEvent['source'] | null;
  attributes: Record<string, unknown>;
  outputs: Record<string, unknown> | null;
  error: EndEvent['error'] | null;
  notes: NoteEvent[];
  content: ContentPlace;
}

/** Prompts and results are not kept; here is who keeps them. Null: no client said where. */
export interface ContentPlace {
  cwd: string | null;
  transcript_path: string | null;
  /** The transcript of the agent itself, for agents. */
  agent_transcript_path: string | null;
}

/** `now`: milliseconds since 1970. Null if no event has this id. */
export function showActivity(
  document: PipelineDocument,
  state: FoldState,
  { id, now }: { id: string; now: number },
): ShownActivity | null {
  const hierarchy = buildHierarchy(document, now);
  const node = findNode(hierarchy, document.events, id) ?? findNode(hierarchy, document.events, `evt-${id}`);
  if (!node) return null;
  const start = document.events.find(event => isStart(event) && event.event_id === node.event_id);
  const end = document.events.find(
    (event): event is EndEvent => isEnd(event) && event.related_start_event_id === node.event_id,
  );
  const about = end ?? start;
  return {
    ...node,
    ended_at: end?.timestamp ?? null,
    intent: about?.activity.intent ?? null,
    stage: about?.context.stage ?? null,
    system_name: about?.context.system_name ?? null,
    trace: about?.trace ?? null,
    source: about?.source ?? null,
    attributes: { ...start?.attributes, ...end?.attributes },
    outputs: end?.outputs ?? null,
    error: end?.error ?? null,
    notes: hierarchy.notes.get(node.event_id) ?? [],
    content: contentOf(state, node),
  };
}

/** Where the content of an activity lies. */
export function contentOf(state: FoldState, node: { event_id: string; session_id?: string | undefined }): ContentPlace {
  const session = state.sessions.get(node.session_id ?? '');
  const transcript = session?.transcript ?? null;
  const agent = state.activities.get(spanOfEventId(node.event_id) ?? '')?.agent;
  const folder = transcript?.endsWith('.jsonl') ? transcript.slice(0, -'.jsonl'.length) : null;
  return {
    cwd: session?.cwd ?? null,
    transcript_path: transcript,
    agent_transcript_path: agent && folder ? `${folder}/subagents/agent-${agent}.jsonl` : null,
  };
}
