/** `uninstall`: takes out what `init` put in. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasVariables, withoutVariables } from './env-edit.ts';
import { changeTo, checkPlan, type FileChange, type FilePlan, readIfThere } from './file-plan.ts';
import { ignoreFile } from './install.ts';
import { hooksDirOf, type InstallPlace, SETTINGS_NAMES } from './install-place.ts';
import {
  encodeRecord,
  INSTALL_FOLDERS,
  type InstallRecord,
  RECORD_MODE,
  RECORD_NAME,
  readRecord,
  sha256,
} from './install-record.ts';
import { hasOurHooks } from './settings-edit.ts';
import { changeSettings, encodeSettings, readSettingsFile, type SettingsFile } from './settings-file.ts';
import { unhookSettings } from './unhook-settings.ts';

export interface Uninstall {
  plan: FilePlan;
  hooksDir: string;
  /** No settings of the place call the hooks afterwards. */
  isLast: boolean;
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
    .filter(file => holdsOurs(file, record) || file.path.endsWith(`/${record?.settings}`))
    .flatMap(file => changeSettings(file, unhookSettings(file, record)));
  // While other settings call the hooks, these stay.
  const isLast = all.every(file => chosen.includes(file) || !hasOurHooks(file));
  if (isLast) changes.push(...ourFiles(hooksDir, record));
  const folders = INSTALL_FOLDERS.filter(name => name === 'hooks/spanbook' || record?.created_folders.includes(name));
  const plan = { folders: [], changes, emptied: isLast ? folders.map(name => join(place.claudeDir, name)) : [] };
  checkPlan(plan);
  return { plan, hooksDir, isLast };
}

const holdsOurs = (file: SettingsFile, record: InstallRecord | null): boolean =>
  hasOurHooks(file) || hasVariables(file, record?.env ?? null);

/** What takes out the variables alone, where hooks may stay in the same settings. */
export function planWithoutVariables(place: InstallPlace, record: InstallRecord): Uninstall {
  const hooksDir = hooksDirOf(place);
  const file = readSettingsFile(`${place.claudeDir}/${record.settings}`);
  if (file.bytes === null || !hasOurHooks(file)) return planUninstall(place);
  const content = encodeSettings(file, withoutVariables(file, record.env));
  const isUntouched = record.settings_sha256 === sha256(file.bytes);
  const renewed: InstallRecord = {
    ...record,
    settings_sha256: isUntouched ? sha256(content) : record.settings_sha256,
    env: { env: false, names: [] },
    receiver: null,
  };
  const changes = [
    ...changeTo(`${hooksDir}/${RECORD_NAME}`, encodeRecord(renewed), RECORD_MODE),
    ...changeSettings(file, content),
  ];
  const plan = { folders: [], changes, emptied: [] };
  checkPlan(plan);
  return { plan, hooksDir, isLast: false };
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
