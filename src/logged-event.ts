/** What the logger takes: the original's arguments, in TypeScript. */
import type { EndStatus, JsonObject } from './model/fact.ts';

/** What an event is about. */
export interface LoggedActivity {
  type?: string;
  name: string;
  intent?: string;
  stage?: string;
  label?: string;
}

export interface LoggedEvent {
  /** `command_start`, `skill_invoke_end`, … or `error`, `warning`, `info`. */
  eventType: string;
  level?: string;
  activity: LoggedActivity;
  context?: { stage?: string; systemName?: string };
  parentEventId?: string;
  /** Of an end: the event id of its start; default: the innermost open activity of that level and name. */
  relatedStartEventId?: string;
  status?: EndStatus;
  outputs?: JsonObject;
  message?: string;
}

export interface LoggedError {
  errorType: string;
  message: string;
  /** `low`, `medium`, `high` (default) or `critical`. */
  severity?: string;
  recovery?: unknown;
  parentEventId?: string;
}

export interface LoggedWarning {
  warningType: string;
  message: string;
  severity?: string;
  parentEventId?: string;
}
