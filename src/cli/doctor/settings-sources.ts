/** The settings files of the client that count in a project, with what is in them or why that cannot be told. */
import { getNodeValue } from 'jsonc-parser';
import { parseSettings } from '../../claude-code/parse-settings.ts';
import { readSettingsFile } from '../../claude-code/settings-file.ts';

export interface SettingsSource {
  /** Whose they are. */
  scope: 'project' | 'local' | 'user';
  /** Folder that they lie in. */
  claudeDir: string;
  path: string;
  /** Null: there is no such file, or it cannot be read. */
  settings: Record<string, unknown> | null;
  /** Why the file cannot be read. */
  problem: string | null;
}

export function settingsSources(project: string, userClaude: string | undefined): SettingsSource[] {
  const own = `${project}/.claude`;
  const users = userClaude === undefined ? [] : [sourceAt('user', userClaude, 'settings.json')];
  // At home, the folder of the project is the person's own.
  if (own === userClaude) return users;
  return [sourceAt('project', own, 'settings.json'), sourceAt('local', own, 'settings.local.json'), ...users];
}

function sourceAt(scope: SettingsSource['scope'], claudeDir: string, name: string): SettingsSource {
  const path = `${claudeDir}/${name}`;
  return { scope, claudeDir, path, ...readSettings(path) };
}

export function readSettings(path: string): Pick<SettingsSource, 'settings' | 'problem'> {
  try {
    const file = readSettingsFile(path);
    const root = file.bytes === null ? undefined : parseSettings(file.text, path);
    const settings = root === undefined ? null : (getNodeValue(root) as Record<string, unknown>);
    return { settings, problem: null };
  } catch (error) {
    return { settings: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
