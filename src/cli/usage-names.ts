/** Names of models, agents, projects, … as columns of a table. */
import { safeText } from '../query/safe-text.ts';
import type { BreakdownRow } from '../query/usage/usage-breakdown.ts';
import type { Dimension } from '../usage/usage-cube.ts';
import type { UsageView } from '../usage/usage-view.ts';
import type { TableColumn } from './render-table.ts';
import type { Style } from './style.ts';
import { keysOf, unknownName } from './usage-keys.ts';

export const DIMENSION_TITLES: Readonly<Record<Dimension, string>> = {
  model: 'Model',
  stage: 'Stage',
  command: 'Command',
  agent: 'Agent',
  instance: 'Agent instance',
  skill: 'Skill',
  session: 'Session',
  project: 'Project',
  branch: 'Branch',
};

export interface NameColumnsQuery {
  view: UsageView;
  by: readonly Dimension[];
  rows: readonly BreakdownRow[];
  /** Shown as `~` in paths. */
  home?: string | undefined;
}

/** One column for each dimension, and one of marks if any row is less than exact. */
export function nameColumns(style: Style, { view, by, rows, home }: NameColumnsQuery): TableColumn[] {
  const columns = by.map((dimension, index): TableColumn => {
    const names = rows.map(row => keysOf(row)[index] ?? null);
    const shown = dimension === 'model' ? modelNames(view, names) : names.map(name => homely(dimension, name, home));
    return {
      title: DIMENSION_TITLES[dimension],
      cut: dimension === 'project' ? 'start' : 'end',
      cells: shown.map(name =>
        name === null ? { text: unknownName(dimension), color: 'dim' } : { text: safeText(name) },
      ),
    };
  });
  const marks = rows.map(row => ({ text: markOf(style, row), color: 'dim' as const }));
  return marks.some(({ text }) => text !== '') ? [...columns, { title: '', cells: marks }] : columns;
}

/** Names for people, but ids where two models have the same name. */
function modelNames(view: UsageView, ids: readonly (string | null)[]): (string | null)[] {
  const idsOf = new Map<string, Set<string>>();
  for (const id of ids) {
    if (id === null) continue;
    const name = view.modelName(id);
    idsOf.set(name, (idsOf.get(name) ?? new Set()).add(id));
  }
  return ids.map(id => {
    const name = id === null ? null : view.modelName(id);
    return name !== null && idsOf.get(name)?.size === 1 ? name : id;
  });
}

function homely(dimension: Dimension, name: string | null, home: string | undefined): string | null {
  if (dimension !== 'project' || name === null || !home) return name;
  return name === home || name.startsWith(`${home}/`) ? `~${name.slice(home.length)}` : name;
}

/** Nothing where it is exact, and where nothing is known. */
function markOf({ marks }: Style, row: BreakdownRow): string {
  if (keysOf(row).every(key => key === null) || row.method === 'exact') return '';
  return row.method === 'inherited' ? marks.inherited : marks.timeWindow;
}
