/** One activity of the tree, by the id of any of its events. */
import type { PipelineEvent } from '../model/document-schema.ts';
import type { Hierarchy, HierarchyNode } from './build-hierarchy.ts';
import { isEnd, isStart } from './event-kinds.ts';

export interface Ancestor {
  event_id: string;
  level: HierarchyNode['level'];
  name: string;
}

/** `ancestors`: from the top down to the parent. */
export type FoundNode = HierarchyNode & { ancestors: Ancestor[] };

/** The node of a start, an end or a note with this id; null if there is none. */
export function findNode(hierarchy: Hierarchy, events: readonly PipelineEvent[], id: string): FoundNode | null {
  const node = hierarchy.nodes.get(id) ?? hierarchy.nodes.get(activityIdOf(events, id) ?? '');
  if (!node) return null;
  const ancestors: Ancestor[] = [];
  for (let at = hierarchy.parents.get(node.event_id); at; at = hierarchy.parents.get(at.event_id)) {
    ancestors.unshift({ event_id: at.event_id, level: at.level, name: at.name });
  }
  return { ...node, ancestors };
}

function activityIdOf(events: readonly PipelineEvent[], id: string): string | null {
  const event = events.find(candidate => candidate.event_id === id);
  if (!event) return null;
  if (isEnd(event)) return event.related_start_event_id;
  return isStart(event) ? event.event_id : event.parent_event_id;
}
