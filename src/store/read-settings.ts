/**
 * Settings as hooks and writers need them: the few keys that they use, and the default for whatever is missing or
 * wrong. The command line checks the same file against its schema and says what is wrong.
 */

import { existsSync } from 'node:fs';
import { DEFAULT_MAX_BYTES } from '../journal/segments.ts';
import type { StageRules } from '../model/stage-rules.ts';
import { pollSecondsIn, writerSettingsIn } from './settings-in.ts';

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
  const defaults = { maxBytes: DEFAULT_MAX_BYTES, fsync: false, labels: true, stages: [] };
  // Most folders have none, and an exception would cost more than the question.
  return existsSync(settingsPath(stateDir)) ? writerSettingsIn(settingsPath(stateDir), defaults) : defaults;
}

/** Time between looks of a monitor for new usage, in seconds. */
const DEFAULT_POLL_SECONDS = 300;

/** How often a monitor looks for new usage, in seconds. */
export const readPollSeconds = (stateDir: string): number =>
  pollSecondsIn(settingsPath(stateDir)) ?? DEFAULT_POLL_SECONDS;
