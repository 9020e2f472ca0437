/** `install.json`, what `init` did: so that `uninstall` can undo exactly that. */
import { createHash } from 'node:crypto';
import { type SpanbookError, systemErrorCode } from '../errors.ts';
import type { MadeVariables } from './env-edit.ts';
import { readIfThere } from './file-plan.ts';
import { SETTINGS_NAMES, type SettingsName } from './install-place.ts';
import type { Made } from './settings-edit.ts';
import { telemetryVariables } from './telemetry-variables.ts';

export const RECORD_NAME = 'install.json';
/** It may hold what is private in the settings. */
export const RECORD_MODE = 0o600;

/** Folders that may be made, below the client's; the deepest first. */
export const INSTALL_FOLDERS = ['hooks/spanbook', 'hooks', '.'] as const;

export interface ReceiverOwner {
  /** State folder whose monitor receives. */
  state_dir: string;
  /** Where the hooks are that were installed with it. */
  claude_dir: string;
}

export interface InstallRecord {
  spanbook: string;
  /** The settings file that calls the hook. */
  settings: SettingsName;
  /** Of that file as `init` left it. */
  settings_sha256: string;
  /** What the file held before, in base64. Null: not known, or there was no file. */
  original: string | null;
  created_settings: boolean;
  /** Keys that were not in the settings before. Null: not known. */
  made: Made | null;
  /** Variables that were not in the settings before. Null: not known. */
  env: MadeVariables | null;
  /** Who asked for the variables; null if they are not ours. */
  receiver: ReceiverOwner | null;
  created_folders: (typeof INSTALL_FOLDERS)[number][];
  /** The copied hooks. */
  files: string[];
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const encodeRecord = (record: InstallRecord): Buffer => Buffer.from(`${JSON.stringify(record, null, 2)}\n`);

/**
 * Null if there is none, or none that can be used. It lies in a project that may come from anywhere, so names that
 * lead out of its folder are left out.
 *
 * @throws SpanbookError `NOT_WRITABLE` if there is one that cannot be read now: what it says would be lost.
 */
export function readRecord(hooksDir: string): InstallRecord | null {
  const text = textIfThere(`${hooksDir}/${RECORD_NAME}`);
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Record<keyof InstallRecord, unknown>> | null;
    const settings = SETTINGS_NAMES.find(name => name === value?.settings);
    if (!value || !settings) return null;
    return {
      spanbook: String(value.spanbook),
      settings,
      settings_sha256: textOf(value.settings_sha256) ?? '',
      original: textOf(value.original),
      created_settings: value.created_settings === true,
      made: madeOf(value.made),
      env: value.env === null ? null : variablesOf(value.env),
      receiver: receiverOf(value.receiver),
      created_folders: INSTALL_FOLDERS.filter(name => listOf(value.created_folders).includes(name)),
      files: listOf(value.files).filter(name => /^[\w-]+\.cjs$/.test(name)),
    };
  } catch {
    // Whoever damaged it, the hooks can be put in and taken out without it.
    return null;
  }
}

function textIfThere(path: string): string | undefined {
  try {
    return readIfThere(path)?.toString();
  } catch (error) {
    // A folder in its place says nothing.
    if (systemErrorCode((error as SpanbookError).cause) === 'EISDIR') return undefined;
    throw error;
  }
}

function madeOf(value: unknown): Made | null {
  if (typeof value !== 'object' || value === null) return null;
  const { hooks, events } = value as { hooks?: unknown; events?: unknown };
  return { hooks: hooks === true, events: listOf(events) };
}

/** Records of older versions have none, because those set none. */
function variablesOf(value: unknown): MadeVariables {
  const { env, names } = Object(value) as { env?: unknown; names?: unknown };
  const known = Object.keys(telemetryVariables(0));
  return { env: env === true, names: listOf(names).filter(name => known.includes(name)) };
}

function receiverOf(value: unknown): ReceiverOwner | null {
  const { state_dir, claude_dir } = Object(value) as { state_dir?: unknown; claude_dir?: unknown };
  return typeof state_dir === 'string' && typeof claude_dir === 'string' ? { state_dir, claude_dir } : null;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
