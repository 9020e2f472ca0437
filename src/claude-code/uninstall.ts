/** `uninstall`: takes out what `init` put in. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { changeTo, checkPlan, type FileChange, type FilePlan, readIfThere } from './file-plan.ts';
import { ignoreFile } from './install.ts';
import { hooksDirOf, type InstallPlace, SETTINGS_NAMES } from './install-place.ts';
import { INSTALL_FOLDERS, type InstallRecord, RECORD_NAME, readRecord } from './install-record.ts';
import { hasOurHooks } from './settings-edit.ts';
import { changeSettings, readSettingsFile } from './settings-file.ts';
import { unhookSettings } from './unhook-settings.ts';

export interface Uninstall {
  plan: FilePlan;
  hooksDir: string;
}

/**
 * What `uninstall` will do. Nothing is changed yet. In a project, both settings files are looked at unless the place is
 * the local one.
 *
 * @throws SpanbookError if the settings cannot be read or edited.
 */
export function planUninstall(place: InstallPlace): Uninstall {
  const hooksDir = hooksDirOf(place);
  const record = readRecord(hooksDir);
  const all = SETTINGS_NAMES.slice(0, place.project === null ? 1 : 2).map(name =>
    readSettingsFile(`${place.claudeDir}/${name}`),
  );
  const chosen = all.filter(({ path }) => !place.isLocal || path.endsWith('.local.json'));
  const changes = chosen
    .filter(file => hasOurHooks(file) || file.path.endsWith(`/${record?.settings}`))
    .flatMap(file => changeSettings(file, unhookSettings(file, record)));
  // While other settings call the hooks, these stay.
  const isLast = all.every(file => chosen.includes(file) || !hasOurHooks(file));
  if (isLast) changes.push(...ourFiles(hooksDir, record));
  const folders = INSTALL_FOLDERS.filter(name => name === 'hooks/spanbook' || record?.created_folders.includes(name));
  const plan = { folders: [], changes, emptied: isLast ? folders.map(name => join(place.claudeDir, name)) : [] };
  checkPlan(plan);
  return { plan, hooksDir };
}

/** The record goes last, so that an uninstall that was interrupted can be run again. */
function ourFiles(hooksDir: string, record: InstallRecord | null): FileChange[] {
  const hooks = record?.files ?? filesIn(hooksDir).filter(name => name.endsWith('.cjs'));
  const ignore = readIfThere(`${hooksDir}/.gitignore`);
  const isOurs = [true, false].some(isLocal => ignore?.equals(ignoreFile({ isLocal })));
  return [...hooks, ...(isOurs ? ['.gitignore'] : []), RECORD_NAME].flatMap(name =>
    changeTo(`${hooksDir}/${name}`, null),
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
