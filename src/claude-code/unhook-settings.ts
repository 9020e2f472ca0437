/** What a settings file holds once our hooks and variables are out of it. */
import { isDeepStrictEqual } from 'node:util';
import { getNodeValue } from 'jsonc-parser';
import { withoutVariables } from './env-edit.ts';
import { type InstallRecord, sha256 } from './install-record.ts';
import { parseSettings } from './parse-settings.ts';
import { withoutHooks } from './settings-edit.ts';
import { decodeSettings, encodeSettings, type SettingsFile } from './settings-file.ts';

/**
 * The bytes from before `init` if nobody edited the file since, else what is there without our entries. Null: the file
 * was made by `init` and has nothing else in it, or there is none.
 */
export function unhookSettings(file: SettingsFile, record: InstallRecord | null): Buffer | null {
  if (file.bytes === null) return null;
  const known = record !== null && file.path.endsWith(`/${record.settings}`) ? record : null;
  const unhooked = withoutHooks(file, known?.made ?? null);
  const text = withoutVariables({ path: file.path, text: unhooked }, known?.env ?? null);
  if (known?.created_settings && /^\s*\{\s*\}\s*$/.test(text)) return null;
  if (known?.settings_sha256 === sha256(file.bytes) && known.original !== null) {
    const original = Buffer.from(known.original, 'base64');
    // The record lies in the project, which may come from anywhere: nothing but our entries may differ.
    if (isDeepStrictEqual(read(decodeSettings(original).text), read(text))) return original;
  }
  return encodeSettings(file, text);
}

function read(text: string): unknown {
  const root = parseSettings(text, 'settings');
  return root ? getNodeValue(root) : Object.create(null);
}
