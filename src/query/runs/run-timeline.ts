/** A run as a waterfall shows it: everything that took time in it, one item a line, each before what is below it. */
import {
  ATTR_CACHE_CREATION_TOKENS,
  ATTR_CACHE_READ_TOKENS,
  ATTR_CACHE_WRITE_1H,
  ATTR_COST,
  ATTR_INPUT_TOKENS,
  ATTR_OUTPUT_TOKENS,
} from '../../attributes.ts';
import type { UsageRow } from '../../model/document-schema.ts';
import { spanOfEventId } from '../../model/ids.ts';
import type { Leaf } from '../../model/leaf.ts';
import { type NoteEvent, noteText } from '../event-kinds.ts';
import type { ActivityStatus } from './activity-row.ts';
import type { ActivityNode } from './activity-tree.ts';

export interface TimelineNote {
  event_id: string;
  level: 'error' | 'warning' | 'info';
  /** RFC 3339. */
  at: string;
  type: string | null;
  message: string;
}

export interface TimelineItem {
  /** `event_id` of an activity; the span id of a request, a tool call or a wait. */
  id: string;
  parent_id: string | null;
  kind: ActivityNode['level'] | Leaf['kind'];
  /** Of an activity, a model, or a tool. */
  name: string;
  label: string | null;
  depth: number;
  /** Milliseconds since 1970. An end is null while it runs. */
  started_ms: number;
  ended_ms: number | null;
  status: ActivityStatus;
  /** Why it failed, in one line. */
  error: string | null;
  /** With all below it; of a request, its own. Cost in USD. */
  usage: UsageRow | null;
  notes: TimelineNote[];
  /** Of requests and tools, as the span has them. */
  attributes: Record<string, string | number | boolean | string[]> | null;
}

export interface TimelineSource {
  tree: ActivityNode;
  /** By the span id of the activity that they belong to. */
  leaves: ReadonlyMap<string, readonly Leaf[]>;
  notes: Iterable<NoteEvent>;
}

export function runTimeline({ tree, leaves, notes }: TimelineSource): TimelineItem[] {
  const notesOf = notesByOwner(notes);
  const items: TimelineItem[] = [];
  const addLeaves = (of: readonly Leaf[], parent: string, depth: number, above: string): void => {
    for (const leaf of of) {
      if (leaf.parent !== above) continue;
      items.push(leafItem(leaf, parent, depth));
      addLeaves(of, leaf.span, depth + 1, leaf.span);
    }
  };
  const add = (node: ActivityNode, parentId: string | null, depth: number): void => {
    items.push(activityItem(node, { parentId, depth, notes: notesOf.get(node.event_id) ?? [] }));
    const span = spanOfEventId(node.event_id) ?? '';
    const own = leaves.get(span) ?? [];
    // Requests and tools stand between the activities by the time of their start.
    let next = 0;
    const tops = own.filter(({ parent }) => parent === span);
    const upTo = (at: number): void => {
      for (let leaf = tops[next]; leaf && leaf.startAt <= at; leaf = tops[++next]) {
        items.push(leafItem(leaf, node.event_id, depth + 1));
        addLeaves(own, leaf.span, depth + 2, leaf.span);
      }
    };
    for (const child of node.children) {
      upTo(Date.parse(child.started_at));
      add(child, node.event_id, depth + 1);
    }
    upTo(Number.POSITIVE_INFINITY);
  };
  add(tree, null, 0);
  return items;
}

function activityItem(
  node: ActivityNode,
  { parentId, depth, notes }: { parentId: string | null; depth: number; notes: TimelineNote[] },
): TimelineItem {
  return {
    id: node.event_id,
    parent_id: parentId,
    kind: node.level,
    name: node.name,
    label: node.label,
    depth,
    started_ms: Date.parse(node.started_at),
    ended_ms: node.ended_at === null ? null : Date.parse(node.ended_at),
    status: node.status,
    error: notes.find(({ level }) => level === 'error')?.message ?? null,
    usage: node.usage,
    notes,
    attributes: null,
  };
}

function leafItem(leaf: Leaf, parentId: string, depth: number): TimelineItem {
  return {
    id: leaf.span,
    parent_id: parentId,
    kind: leaf.kind,
    name: leaf.name.replace(/^(chat|execute_tool) /, ''),
    label: null,
    depth,
    started_ms: leaf.startAt,
    ended_ms: leaf.endAt,
    status: leaf.error ? 'failed' : 'completed',
    error: leaf.error ? (leaf.error.message ?? leaf.error.type) : null,
    usage: leaf.kind === 'chat' ? usageOf(leaf) : null,
    notes: [],
    attributes: leaf.attributes,
  };
}

function usageOf({ attributes }: Leaf): UsageRow {
  const count = (key: string): number => Number(attributes[key] ?? 0);
  const cost = attributes[ATTR_COST];
  const read = count(ATTR_CACHE_READ_TOKENS);
  const written = count(ATTR_CACHE_CREATION_TOKENS);
  const long = count(ATTR_CACHE_WRITE_1H);
  return {
    input_tokens: count(ATTR_INPUT_TOKENS) - read - written,
    output_tokens: count(ATTR_OUTPUT_TOKENS),
    cache_read_tokens: read,
    cache_write_5m_tokens: written - long,
    cache_write_1h_tokens: long,
    requests: 1,
    cost: typeof cost === 'number' ? cost / 1e9 : undefined,
    unpriced_tokens: undefined,
  };
}

function notesByOwner(notes: Iterable<NoteEvent>): Map<string, TimelineNote[]> {
  const found = new Map<string, TimelineNote[]>();
  for (const note of notes) {
    const owner = note.parent_event_id ?? '';
    const { type, message } = noteText(note);
    const item = { event_id: note.event_id, level: note.event_type, at: note.timestamp, type, message };
    const list = found.get(owner);
    if (list) list.push(item);
    else found.set(owner, [item]);
  }
  for (const list of found.values()) list.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return found;
}
