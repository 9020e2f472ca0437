/** What a file of settings says, as far as it is as it should be. */
import { readPlain } from '../journal/plain-file.ts';
import type { WriterSettings } from './read-settings.ts';

/** `defaults`: for what is missing or wrong. */
export function writerSettingsIn(path: string, defaults: WriterSettings): WriterSettings {
  const settings = parsed(path);
  const maxBytes = settings.rotation?.max_bytes;
  const { endpoint, headers } = settings.otlp ?? {};
  return {
    maxBytes: typeof maxBytes === 'number' && maxBytes >= 1 ? maxBytes : defaults.maxBytes,
    fsync: settings.durability === 'fsync',
    labels: settings.capture?.labels !== false,
    stages: textEntries(settings.stages),
    otlpEndpoint: typeof endpoint === 'string' ? endpoint : undefined,
    otlpHeaders: typeof headers === 'object' && headers !== null ? Object.fromEntries(textEntries(headers)) : undefined,
    receiverPort: portIn(settings.receiver?.port),
  };
}

/** In seconds; undefined if it says nothing, or nothing that can be. */
export function pollSecondsIn(path: string): number | undefined {
  const seconds = parsed(path).poll_interval_seconds;
  return typeof seconds === 'number' && seconds >= 1 ? seconds : undefined;
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
  try {
    const value: unknown = JSON.parse(readPlain(path).toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
