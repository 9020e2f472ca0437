/** `pipeline hierarchy`: the runs as a tree. */
import { SpanbookError } from '../../errors.ts';
import type { PipelineDocument } from '../../model/document-schema.ts';
import { buildHierarchy, type Hierarchy, type HierarchyNode } from '../../query/build-hierarchy.ts';
import { findNode } from '../../query/find-node.ts';
import { safeText } from '../../query/safe-text.ts';
import { readHistory } from '../../store/read-document.ts';
import { type CommandAnswer, type CommandCall, numberOption, textOption } from '../command-spec.ts';
import { emptyStateText } from '../empty-state.ts';
import { noteLine, renderTree } from '../render-tree.ts';
import { paint } from '../style.ts';
import { treeUsageNotes } from '../tree-usage.ts';

const DEFAULT_RUNS = 10;

export function run(call: CommandCall): CommandAnswer {
  const document = readHistory(call.stateDir, call.say);
  const hierarchy = buildHierarchy(document, call.context.now());
  const eventId = textOption(call, 'eventId');
  return eventId === undefined ? answerRuns(call, hierarchy) : answerOne(call, document, { hierarchy, eventId });
}

function answerRuns(call: CommandCall, hierarchy: Hierarchy): CommandAnswer {
  const session = sessionOf(call, hierarchy.roots);
  const all = session === undefined ? hierarchy.roots : hierarchy.roots.filter(root => root.session_id === session);
  const last = numberOption(call, 'last') ?? (call.json ? all.length : DEFAULT_RUNS);
  const roots = last === 0 ? [] : all.slice(-last);
  return {
    json: { roots },
    text() {
      const { style } = call;
      const loose = hierarchy.looseNotes.filter(note => session === undefined || note.session_id === session);
      if (roots.length === 0 && loose.length === 0) return emptyStateText(call.stateDir);
      const lines = renderTree(style, roots, hierarchy);
      if (loose.length > 0) {
        lines.push('', paint(style, 'dim', 'Outside any activity'));
        lines.push(...loose.slice(-DEFAULT_RUNS).map(note => noteLine(style, note, '')));
      }
      const hidden = all.length - roots.length;
      if (hidden > 0)
        lines.push('', `${hidden} earlier ${hidden === 1 ? 'run' : 'runs'} not shown: --last ${all.length}`);
      lines.push(...treeUsageNotes(style, roots));
      return lines.join('\n');
    },
  };
}

/** The session that is meant; its id may be cut off after the first letters. */
function sessionOf(call: CommandCall, roots: readonly HierarchyNode[]): string | undefined {
  const given = textOption(call, 'session');
  if (given === undefined) return undefined;
  const known = [...new Set(roots.map(root => root.session_id ?? ''))];
  if (known.includes(given)) return given;
  const [match, ...others] = known.filter(id => given !== '' && id.startsWith(given));
  if (match === undefined) {
    throw new SpanbookError(
      'NOT_FOUND',
      `--session: expected a session with a run, got "${given}". See: spanbook pipeline sessions`,
    );
  }
  if (others.length > 0) {
    throw new SpanbookError(
      'BAD_INPUT',
      `--session: expected one session, got "${given}", with which ${others.length + 1} begin`,
    );
  }
  return match;
}

function answerOne(
  { style }: CommandCall,
  document: PipelineDocument,
  { hierarchy, eventId }: { hierarchy: Hierarchy; eventId: string },
): CommandAnswer {
  const node = findNode(hierarchy, document.events, eventId);
  if (!node) {
    throw new SpanbookError(
      'NOT_FOUND',
      `event id: expected one that was recorded, got "${eventId}". See: spanbook pipeline events`,
    );
  }
  return {
    json: node,
    text() {
      const path = node.ancestors.map(ancestor => safeText(ancestor.name)).join(` ${style.marks.arrow} `);
      const lines = [...renderTree(style, [node], hierarchy), ...treeUsageNotes(style, [node])];
      return [...(path === '' ? [] : [paint(style, 'dim', `in ${path}`)]), ...lines].join('\n');
    },
  };
}
