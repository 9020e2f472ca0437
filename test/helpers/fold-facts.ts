/** Facts in, document out: what every test of the fold looks at. */

import type { Fact } from '../../src/model/fact.ts';
import { applyFact } from '../../src/model/fold.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import { DocumentRenderer } from '../../src/model/render-document.ts';
import { createState, type FoldState, type Statistics } from '../../src/model/state.ts';

export interface DocumentEvent {
  event_id: string;
  event_type: string;
  timestamp: string;
  level: string;
  parent_event_id: string | null;
  activity: { type: string; name: string; label?: string; intent?: string; stage?: string };
  context: { stage: string | null; system_name: string | null; checkpoint?: string | number };
  hierarchy: { depth: number; path: string[] };
  session_id: string;
  source: string;
  trace: { trace_id: string; span_id: string; parent_span_id: string | null };
  attributes?: Record<string, unknown>;
  related_start_event_id?: string;
  status?: string;
  duration_ms?: number;
  outputs?: Record<string, unknown>;
  error?: { type: string; message: string; severity: string; recovery?: unknown };
  warning?: { type: string; message: string; severity: string };
  message?: string;
  usage?: { self: Record<string, number>; total: Record<string, number> };
}

export interface PipelineDocument {
  schema_version: string;
  system_name: string | null;
  stage: string | null;
  pipeline_started_at: string | null;
  pipeline_updated_at: string | null;
  pipeline_status: string;
  current_context: { stage: string | null; system_name: string | null; checkpoint: string | number | null };
  statistics: Statistics;
  active_activities: {
    event_id: string;
    name: string;
    level: string;
    depth: number;
    path: string[];
    parent_event_id: string | null;
  }[];
  through: { segment: number; offset: number }[];
  skipped?: Record<string, number>;
  events: DocumentEvent[];
}

/** Folds facts as they come from the journal: written as JSON, read again. */
export function foldFacts(facts: readonly Fact[], state: FoldState = createState()): FoldState {
  for (const fact of facts) {
    const read = parseFact(JSON.stringify(fact));
    if (typeof read === 'string') state.skipped[read]++;
    else applyFact(state, read);
  }
  return state;
}

export function renderText(state: FoldState, renderer = new DocumentRenderer()): string {
  // A fresh renderer has seen nothing yet, whatever an earlier one took away.
  if (renderer.sizeBytes === 0) for (const slot of state.events.keys()) state.touched.add(slot);
  return Buffer.concat(renderer.render(state, [])).toString('utf8');
}

export const documentOf = (state: FoldState): PipelineDocument => JSON.parse(renderText(state)) as PipelineDocument;

export const foldToDocument = (facts: readonly Fact[]): PipelineDocument => documentOf(foldFacts(facts));
