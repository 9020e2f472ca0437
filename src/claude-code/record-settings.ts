/** What `uninstall` will need to know of the settings that `init` is about to edit. */
import { hasVariables, type MadeVariables } from './env-edit.ts';
import type { SettingsName } from './install-place.ts';
import { type InstallRecord, sha256 } from './install-record.ts';
import { hasOurHooks, type Made } from './settings-edit.ts';
import type { SettingsFile } from './settings-file.ts';

export interface SettingsEdit {
  name: SettingsName;
  /** Before the edit. */
  settings: SettingsFile;
  /** After it. */
  content: Buffer;
  /** By this edit. */
  made: Made;
  env: MadeVariables;
  /** Of the `init` before, if there was one. */
  known: InstallRecord | null;
}

type SettingsRecord = Pick<
  InstallRecord,
  'settings' | 'settings_sha256' | 'original' | 'created_settings' | 'made' | 'env'
>;

/** A second `init` keeps what the first one found; only if somebody edited between them, that must not come back. */
export function recordSettings({ name, settings, content, made, env, known }: SettingsEdit): SettingsRecord {
  const { bytes } = settings;
  const before = known?.settings === name ? known : null;
  if (bytes === null || !(hasOurHooks(settings) || hasVariables(settings, before?.env ?? null))) {
    return {
      settings: name,
      settings_sha256: sha256(content),
      original: bytes?.toString('base64') ?? null,
      created_settings: bytes === null,
      made,
      env,
    };
  }
  const isUntouched = before?.settings_sha256 === sha256(bytes);
  // Nothing to edit: what is known still holds, should the edit be undone.
  if (before && bytes.equals(content)) return settingsOf(before);
  return {
    settings: name,
    settings_sha256: sha256(content),
    original: isUntouched ? before.original : null,
    created_settings: before?.created_settings === true,
    made: before && both(before.made, made),
    env: before && bothVariables(before.env, env),
  };
}

const settingsOf = ({
  settings,
  settings_sha256,
  original,
  created_settings,
  made,
  env,
}: InstallRecord): SettingsRecord => ({
  settings,
  settings_sha256,
  original,
  created_settings,
  made,
  env,
});

const both = (one: Made | null, other: Made): Made | null =>
  one && { hooks: one.hooks || other.hooks, events: [...new Set([...one.events, ...other.events])] };

const bothVariables = (one: MadeVariables | null, other: MadeVariables): MadeVariables | null =>
  one && { env: one.env || other.env, names: [...new Set([...one.names, ...other.names])] };
