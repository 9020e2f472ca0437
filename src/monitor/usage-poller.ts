/** What the monitor wants of whoever looks for new usage. */

export interface PollResult {
  /** Something new was counted. */
  changed: boolean;
  /** When there will be something to do without any new usage, in milliseconds since 1970: the end of an hour or day. */
  next_at?: number;
}

/** One look for new usage. Calls never overlap. `now`: milliseconds since 1970. Rejects where it could not be done. */
export type UsagePoller = (now: number) => Promise<PollResult>;
