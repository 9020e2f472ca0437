/** `init`: copies of the hooks into our folder beside the settings, and the entries that call them; variables, if asked. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { SpanbookError } from '../errors.ts';
import { type MadeVariables, withVariables } from './env-edit.ts';
import { changeTo, checkPlan, type FileChange, type FilePlan, missingFolders } from './file-plan.ts';
import { HOOK_EVENTS, hookGroups, PROJECT_PROGRAM } from './hook-entries.ts';
import { hooksDirOf, type InstallPlace, SETTINGS_NAMES, settingsNameOf } from './install-place.ts';
import {
  encodeRecord,
  INSTALL_FOLDERS,
  type InstallRecord,
  RECORD_MODE,
  RECORD_NAME,
  type ReceiverOwner,
  readRecord,
} from './install-record.ts';
import { recordSettings } from './record-settings.ts';
import { hasOurHooks, type Made, type SettingsText, withHooks } from './settings-edit.ts';
import { changeSettings, encodeSettings, readSettingsFile } from './settings-file.ts';
import { telemetryVariables } from './telemetry-variables.ts';
import { unhookSettings } from './unhook-settings.ts';

export interface InstallOptions {
  place: InstallPlace;
  /** Folder of the hooks to be copied; null: no hooks, the variables alone. */
  builtHooks: string | null;
  version: string;
  /** Has the client send its telemetry to this port. Absent: what is set stays. */
  telemetry?: { port: number; receiver: ReceiverOwner } | undefined;
  /** State folder that the hook is told; absent: it finds that of the project itself. */
  stateDir?: string | undefined;
}

export interface Install {
  plan: FilePlan;
  settingsPath: string;
  hooksDir: string;
  events: readonly string[];
  /** Another settings file of the project that had the hooks until now. */
  movedFrom?: string;
}

/**
 * What `init` will do. Nothing is changed yet.
 *
 * @throws SpanbookError if the settings are not as expected, or a file cannot be written.
 */
export function planInstall(options: InstallOptions): Install {
  const { place } = options;
  const { claudeDir } = place;
  const hooksDir = hooksDirOf(place);
  const settings = readSettingsFile(`${claudeDir}/${settingsNameOf(place)}`);
  const known = readRecord(hooksDir);
  const moved = movedSettings(place, known);
  const { text, ...edits } = editedSettings(settings, options, hooksDir);
  const content = encodeSettings(settings, text);
  const folders = missingFolders(hooksDir);
  const hooks = options.builtHooks === null ? [] : builtFiles(options.builtHooks);
  const files = options.builtHooks === null ? (known?.files ?? []) : hooks.map(([name]) => name);
  const record: InstallRecord = {
    ...recordSettings({ name: settingsNameOf(place), settings, content, ...edits, known }),
    receiver: options.telemetry?.receiver ?? known?.receiver ?? null,
    spanbook: options.version,
    created_folders: INSTALL_FOLDERS.filter(
      name => known?.created_folders.includes(name) || folders.includes(join(claudeDir, name)),
    ),
    files,
  };
  const changes: FileChange[] = [
    ...hooks.flatMap(([name, bytes]) => changeTo(`${hooksDir}/${name}`, bytes)),
    ...changeTo(`${hooksDir}/.gitignore`, ignoreFile(place)),
    // Before the settings, so that what they were is never lost.
    ...changeTo(`${hooksDir}/${RECORD_NAME}`, encodeRecord(record), RECORD_MODE),
    ...changeSettings(settings, content),
    ...(moved?.change ?? []),
    ...(known?.files ?? [])
      .filter(name => !files.includes(name))
      .flatMap(name => changeTo(`${hooksDir}/${name}`, null)),
  ];
  const plan = { folders, changes, emptied: [] };
  checkPlan(plan);
  return { plan, settingsPath: settings.path, hooksDir, events: HOOK_EVENTS, movedFrom: moved?.path };
}

function editedSettings(settings: SettingsText, options: InstallOptions, hooksDir: string) {
  const { path } = settings;
  let text = settings.text;
  let made: Made = { hooks: false, events: [] };
  let env: MadeVariables = { env: false, names: [] };
  if (options.builtHooks !== null) {
    ({ text, made } = withHooks({ path, text }, hookGroups(...calledAs(options, hooksDir))));
  }
  if (options.telemetry)
    ({ text, made: env } = withVariables({ path, text }, telemetryVariables(options.telemetry.port)));
  return { text, made, env };
}

/** Of a folder that a team shares, only what is private stays out of git; of one's own, everything. */
export const ignoreFile = ({ isLocal }: Pick<InstallPlace, 'isLocal'>): Buffer =>
  Buffer.from(isLocal ? '*\n' : `${RECORD_NAME}\n`);

/** Names and bytes of the built hooks. */
function builtFiles(folder: string): [string, Buffer][] {
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter(name => name.endsWith('.cjs'));
  } catch {
    // Not there: said below.
  }
  if (names.length === 0) {
    throw new SpanbookError('NOT_FOUND', `${folder}: expected the built hooks, got none. Run npm run build`);
  }
  return names.sort().map(name => [name, readFileSync(`${folder}/${name}`)]);
}

function calledAs({ place, stateDir }: InstallOptions, hooksDir: string): [program: string, stateDir?: string] {
  const { project } = place;
  if (project === null) return [`${hooksDir}/claude-code.cjs`, stateDir];
  if (stateDir === undefined) return [PROJECT_PROGRAM];
  const inside = relative(project, resolve(project, stateDir));
  const isInside = inside !== '' && !inside.startsWith('..');
  return [PROJECT_PROGRAM, isInside ? `\${CLAUDE_PROJECT_DIR}/${inside}` : stateDir];
}

/** The other settings file of the project without our hooks, if it has them. They run once, wherever they stand. */
function movedSettings(place: InstallPlace, known: InstallRecord | null) {
  const name = SETTINGS_NAMES.find(other => other !== settingsNameOf(place));
  if (place.project === null || !name) return undefined;
  const other = readSettingsFile(`${place.claudeDir}/${name}`);
  if (!hasOurHooks(other)) return undefined;
  if (name === 'settings.json' && known?.settings !== name) {
    throw new SpanbookError(
      'BAD_SETTINGS',
      `${other.path}: expected no hooks of spanbook beside --local, got those that the project shares. They record ` +
        'already; run spanbook init without --local to refresh them',
    );
  }
  return { path: other.path, change: changeSettings(other, unhookSettings(other, known)) };
}
