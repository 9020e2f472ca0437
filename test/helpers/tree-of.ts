/** The tree of a document in one form, whatever the order of siblings was. */
import type { DocumentEvent, PipelineDocument } from './fold-facts.ts';

export interface TreeNode {
  name: string;
  level: string;
  label?: string;
  status: string;
  notes: string[];
  children: TreeNode[];
}

const isStart = (event: DocumentEvent): boolean => event.event_type.endsWith('_start');
const noteText = (event: DocumentEvent): string => {
  const { error, warning, message } = event;
  return `${event.level} ${error?.type ?? warning?.type ?? ''}: ${error?.message ?? warning?.message ?? message}`;
};
const byJson = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Roots with all below them; notes without a parent stand under a root of their own. */
export function treeOf(document: PipelineDocument): TreeNode[] {
  const ends = new Map(document.events.map(event => [event.related_start_event_id, event]));
  const below = new Map<string | null, DocumentEvent[]>();
  for (const event of document.events) {
    below.set(event.parent_event_id, [...(below.get(event.parent_event_id) ?? []), event]);
  }
  const nodesUnder = (parent: string | null): TreeNode[] =>
    (below.get(parent) ?? [])
      .filter(isStart)
      .map(event => ({
        name: event.activity.name,
        level: event.level,
        label: event.activity.label,
        status: ends.get(event.event_id)?.status ?? 'open',
        notes: notesUnder(event.event_id),
        children: nodesUnder(event.event_id),
      }))
      .sort(byJson);
  const notesUnder = (parent: string | null): string[] =>
    (below.get(parent) ?? [])
      .filter(event => ['error', 'warning', 'info'].includes(event.level))
      .map(noteText)
      .sort();
  const lost = notesUnder(null);
  const roots = nodesUnder(null);
  if (lost.length === 0) return roots;
  return [...roots, { name: '(no parent)', level: '', status: '', notes: lost, children: [] }];
}

/** The tree as indented lines, for assertions that a person can read. */
export function outline(nodes: readonly TreeNode[], indent = ''): string[] {
  return nodes.flatMap(node => [
    `${indent}${node.level} ${node.name}${node.label === undefined ? '' : ` "${node.label}"`} ${node.status}`,
    ...node.notes.map(note => `${indent}  ! ${note}`),
    ...outline(node.children, `${indent}  `),
  ]);
}
