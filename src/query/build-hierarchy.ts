/** Events → the tree of activities, with the notes of each. */
import type { ActiveActivity, EndEvent, PipelineEvent, StartEvent, UsagePair } from '../model/document-schema.ts';
import { isEnd, isStart, type NoteEvent } from './event-kinds.ts';
import { elapsedMillis } from './list-active.ts';

/** An activity with all below it. */
export interface HierarchyNode {
  event_id: string;
  level: StartEvent['level'];
  name: string;
  label?: string;
  status: EndEvent['status'] | 'running';
  started_at: string;
  /** Until its end, or until now. */
  duration_ms: number;
  session_id?: string;
  /** Those that belong to this activity itself. */
  errors: number;
  warnings: number;
  usage?: UsagePair;
  children: HierarchyNode[];
}

export interface Hierarchy {
  roots: HierarchyNode[];
  nodes: Map<string, HierarchyNode>;
  parents: Map<string, HierarchyNode>;
  /** Notes by the `event_id` of the activity that they belong to. */
  notes: Map<string, NoteEvent[]>;
  /** Notes that belong to no activity that is known. */
  looseNotes: NoteEvent[];
  /** Position of starts and notes in the journal's order, by `event_id`. */
  order: Map<string, number>;
}

export interface HierarchySource {
  events: readonly PipelineEvent[];
  active_activities: readonly ActiveActivity[];
}

/** Builds the tree. Order is that of the journal, or of time where something was imported; `now` gives the time that open activities have taken. */
export function buildHierarchy(source: HierarchySource, now: number): Hierarchy {
  const events = byTime(source.events);
  const nodes = new Map<string, HierarchyNode>();
  const parentIds = new Map<string, string | null>();
  // Begun before the oldest event that is left: first, and in the order in which they began.
  for (const open of source.active_activities) {
    const { event_id, level, name, label, started_at, session_id, parent_event_id } = open;
    add(nodes, { event_id, level, name, label, started_at, session_id }, now);
    parentIds.set(event_id, parent_event_id);
  }
  for (const event of events) {
    if (!isStart(event)) continue;
    // Moved to its place in the order, now that its start is found.
    nodes.delete(event.event_id);
    add(nodes, startOf(event, event.event_id, event.timestamp), now);
    parentIds.set(event.event_id, event.parent_event_id);
  }
  const lost: HierarchyNode[] = [];
  for (const event of events) {
    if (!isEnd(event)) continue;
    const id = event.related_start_event_id;
    let node = nodes.get(id);
    if (!node) {
      const startedAt = new Date(Date.parse(event.timestamp) - event.duration_ms).toISOString();
      node = add(nodes, startOf(event, id, startedAt), now);
      lost.push(node);
    }
    if (!parentIds.has(id) || event.parent_event_id !== null) parentIds.set(id, event.parent_event_id);
    close(node, event);
  }
  const order = new Map<string, number>();
  for (const [index, event] of events.entries()) if (!isEnd(event)) order.set(event.event_id, index);
  return { ...hang(inOrder(nodes, lost), parentIds), nodes, order, ...notesOf(events, nodes) };
}

/** What was imported stands behind what was recorded before it, whenever it was: then the clock says what came first. */
function byTime(events: readonly PipelineEvent[]): readonly PipelineEvent[] {
  if (!events.some(event => event.source === 'import')) return events;
  return events.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}

type NodeStart = Pick<HierarchyNode, 'event_id' | 'level' | 'name' | 'label' | 'started_at' | 'session_id'>;

function add(nodes: Map<string, HierarchyNode>, start: NodeStart, now: number): HierarchyNode {
  const { event_id, level, name, label, started_at, session_id } = start;
  const node: HierarchyNode = {
    event_id,
    level,
    name,
    label,
    status: 'running',
    started_at,
    duration_ms: elapsedMillis(started_at, now),
    session_id,
    errors: 0,
    warnings: 0,
    usage: undefined,
    children: [],
  };
  nodes.set(event_id, node);
  return node;
}

const startOf = (event: StartEvent | EndEvent, id: string, startedAt: string): NodeStart => ({
  event_id: id,
  level: event.level,
  name: event.activity.name,
  label: event.activity.label,
  started_at: startedAt,
  session_id: event.session_id,
});

/** The end speaks last: a name or a label may have become known after the start was archived. */
function close(node: HierarchyNode, end: EndEvent): void {
  node.name = end.activity.name;
  node.label = end.activity.label ?? node.label;
  node.status = end.status;
  node.duration_ms = end.duration_ms;
  node.usage = end.usage;
}

/** Nodes rebuilt from their ends began before everything else that is left. */
function inOrder(nodes: Map<string, HierarchyNode>, lost: readonly HierarchyNode[]): HierarchyNode[] {
  if (lost.length === 0) return [...nodes.values()];
  const rebuilt = new Set(lost);
  const first = [...lost].sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
  return [...first, ...[...nodes.values()].filter(node => !rebuilt.has(node))];
}

function hang(
  ordered: readonly HierarchyNode[],
  parentIds: Map<string, string | null>,
): Pick<Hierarchy, 'roots' | 'parents'> {
  const known = new Map(ordered.map(node => [node.event_id, node]));
  const roots: HierarchyNode[] = [];
  const parents = new Map<string, HierarchyNode>();
  for (const node of ordered) {
    const parentId = parentIds.get(node.event_id) ?? null;
    const parent = parentId === null ? undefined : known.get(parentId);
    if (parent && !isInside(parent, node, parents)) {
      parent.children.push(node);
      parents.set(node.event_id, parent);
    } else {
      roots.push(node);
    }
  }
  return { roots, parents };
}

/** A file that somebody edited may hold a circle, which would never end. */
function isInside(start: HierarchyNode, node: HierarchyNode, parents: Map<string, HierarchyNode>): boolean {
  for (let at: HierarchyNode | undefined = start; at; at = parents.get(at.event_id)) if (at === node) return true;
  return false;
}

function notesOf(
  events: readonly PipelineEvent[],
  nodes: Map<string, HierarchyNode>,
): Pick<Hierarchy, 'notes' | 'looseNotes'> {
  const notes = new Map<string, NoteEvent[]>();
  const looseNotes: NoteEvent[] = [];
  for (const event of events) {
    if (isStart(event) || isEnd(event)) continue;
    const node = event.parent_event_id === null ? undefined : nodes.get(event.parent_event_id);
    if (!node) {
      looseNotes.push(event);
      continue;
    }
    const list = notes.get(node.event_id);
    if (list) list.push(event);
    else notes.set(node.event_id, [event]);
    if (event.event_type === 'error') node.errors++;
    if (event.event_type === 'warning') node.warnings++;
  }
  return { notes, looseNotes };
}
