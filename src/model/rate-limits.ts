/** The limits of a plan, as the client tells them to its status line. */

export interface LimitWindow {
  used_percentage: number;
  /** RFC 3339; null if the client did not say. */
  resets_at: string | null;
}

/** By the client's name of the window: `five_hour`, `seven_day`. */
export type LimitWindows = Readonly<Record<string, LimitWindow>>;

/** One line of `usage/rate-limits.jsonl`. */
export interface LimitReading {
  v: 1;
  /** RFC 3339. */
  at: string;
  session_id: string;
  rate_limits?: LimitWindows;
  /** The client's own sums for the session, `total_cost_usd` among them. */
  cost?: Readonly<Record<string, number>>;
}
