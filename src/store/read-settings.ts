/**
 * Settings as hooks and writers need them: the few keys that they use, and the default for whatever is missing or
 * wrong. The command line checks the same file against its schema and says what is wrong.
 */

import { existsSync } from 'node:fs';
import { readPlain } from '../journal/plain-file.ts';
import { DEFAULT_MAX_BYTES } from '../journal/segments.ts';
import type { StageRules } from '../model/stage-rules.ts';

export const settingsPath = (stateDir: string): string => `${stateDir}/spanbook.json`;

export interface WriterSettings {
  maxBytes: number;
  fsync: boolean;
  labels: boolean;
  stages: StageRules;
  /** OTLP/HTTP base URL and headers, if set. */
  otlpEndpoint?: string;
  otlpHeaders?: Record<string, string>;
  /** On which the monitor takes the telemetry of the client; absent: it does not. */
  receiverPort?: number;
}

export function readWriterSettings(stateDir: string): WriterSettings {
  const settings = parsed(settingsPath(stateDir));
  const maxBytes = settings.rotation?.max_bytes;
  const { endpoint, headers } = settings.otlp ?? {};
  return {
    maxBytes: typeof maxBytes === 'number' && maxBytes >= 1 ? maxBytes : DEFAULT_MAX_BYTES,
    fsync: settings.durability === 'fsync',
    labels: settings.capture?.labels !== false,
    stages: textEntries(settings.stages),
    otlpEndpoint: typeof endpoint === 'string' ? endpoint : undefined,
    otlpHeaders: typeof headers === 'object' && headers !== null ? Object.fromEntries(textEntries(headers)) : undefined,
    receiverPort: portIn(settings.receiver?.port),
  };
}

/** Time between looks of a monitor for new usage, in seconds. */
const DEFAULT_POLL_SECONDS = 300;

/** How often a monitor looks for new usage, in seconds. */
export function readPollSeconds(stateDir: string): number {
  const seconds = parsed(settingsPath(stateDir)).poll_interval_seconds;
  return typeof seconds === 'number' && seconds >= 1 ? seconds : DEFAULT_POLL_SECONDS;
}

const portIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535 ? value : undefined;

/** What is no text is left out; the command line says so. */
function textEntries(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

interface LooseSettings {
  rotation?: { max_bytes?: unknown };
  durability?: unknown;
  capture?: { labels?: unknown };
  stages?: unknown;
  otlp?: { endpoint?: unknown; headers?: unknown };
  receiver?: { port?: unknown };
  poll_interval_seconds?: unknown;
}

function parsed(path: string): LooseSettings {
  // Most folders have none, and an exception would cost more than the question.
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readPlain(path).toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
