/** A settings file as it lies on the disk: its bytes, its text, and where it really is. */
import { lstatSync, realpathSync } from 'node:fs';
import { SpanbookError } from '../errors.ts';
import { changeBetween, type FileChange, readIfThere } from './file-plan.ts';
import { parseSettings, valueAt } from './parse-settings.ts';
import type { SettingsText } from './settings-edit.ts';

const BOM = '\uFEFF';

export interface SettingsFile extends SettingsText {
  /** Behind a link, its target. */
  realPath: string;
  /** Null: there is none. */
  bytes: Buffer | null;
  /** A byte order mark, or nothing; not part of the text. */
  mark: string;
}

/** @throws SpanbookError if the file is a link to nothing, or no UTF-8. */
export function readSettingsFile(path: string): SettingsFile {
  const bytes = readIfThere(path);
  if (bytes === null) {
    if (isLink(path)) {
      throw new SpanbookError('BAD_SETTINGS', `${path}: expected a file, got a link to one that is not there`);
    }
    return { path, realPath: path, bytes, mark: '', text: '' };
  }
  const decoded = decodeSettings(bytes);
  if (!encodeSettings(decoded, decoded.text).equals(bytes)) {
    throw new SpanbookError('BAD_SETTINGS', `${path}: expected UTF-8, got other bytes`);
  }
  return { path, realPath: realpathSync(path), bytes, ...decoded };
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

export function decodeSettings(bytes: Buffer): Pick<SettingsFile, 'mark' | 'text'> {
  const text = bytes.toString('utf8');
  const mark = text.startsWith(BOM) ? BOM : '';
  return { mark, text: text.slice(mark.length) };
}

export const encodeSettings = ({ mark }: Pick<SettingsFile, 'mark'>, text: string): Buffer => Buffer.from(mark + text);

/** The change of the file to these bytes, or none if it holds them. */
export const changeSettings = ({ realPath, bytes }: SettingsFile, content: Buffer | null): FileChange[] =>
  changeBetween({ path: realPath, was: bytes, content });

/** Whether a settings file switches all hooks off. One that cannot be read does not. */
export function disablesHooks(path: string): boolean {
  try {
    return valueAt(parseSettings(readSettingsFile(path).text, path), 'disableAllHooks')?.value === true;
  } catch {
    return false;
  }
}
