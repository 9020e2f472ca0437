/** Filters by names as people type them. */
import type { UsageView } from '../../usage/usage-view.ts';
import type { UsageFilter } from './select-rows.ts';

export interface NameFilter {
  /** A folder, or the last part of its path. */
  project?: string | undefined;
  /** The first letters of its id are enough. */
  session?: string | undefined;
  /** Any part of its id or of its name, in capitals or not. */
  model?: string | undefined;
}

/** What these names let pass. */
export function nameFilter(view: Pick<UsageView, 'modelName'>, names: NameFilter): NonNullable<UsageFilter['only']> {
  const { project, session, model } = names;
  const only: UsageFilter['only'] = {};
  if (project !== undefined) only.project = path => isProject(path, project);
  if (session !== undefined) only.session = id => id.startsWith(session);
  if (model !== undefined) {
    const part = model.toLowerCase();
    only.model = id => id.toLowerCase().includes(part) || view.modelName(id).toLowerCase().includes(part);
  }
  return only;
}

function isProject(path: string, wanted: string): boolean {
  const plain = (text: string): string => text.replace(/(?<=.)[/\\]+$/, '');
  return plain(path) === plain(wanted) || plain(path).split(/[/\\]/).at(-1) === wanted;
}
