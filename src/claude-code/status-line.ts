/** What Claude Code tells its status line: the model, the cost of the session, its context, and the limits of the plan. */
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import type { LimitWindow, LimitWindows } from '../model/rate-limits.ts';
import { object, type Payload, text } from './payload.ts';

/** Newer clients may tell of more windows. */
const MAX_WINDOWS = 16;
const WINDOW_NAME = /^[a-z0-9_]{1,40}$/;
const COST_KEYS = [
  'total_cost_usd',
  'total_duration_ms',
  'total_api_duration_ms',
  'total_lines_added',
  'total_lines_removed',
] as const;

export interface StatusLine {
  session: string | null;
  model: string | null;
  modelId: string | null;
  /** Working folder of the project. */
  project: string | null;
  /** The client's own sums for the session, as far as it told them. */
  cost: Partial<Record<(typeof COST_KEYS)[number], number>>;
  /** Share of the context that is used, in percent. */
  contextPercent: number | null;
  limits: LimitWindows;
}

/** Takes what is there and right, and leaves out the rest: clients differ. */
export function readStatusLine(payload: Payload): StatusLine {
  const model = object(payload.model);
  const cost = object(payload.cost);
  return {
    session: named(payload.session_id),
    model: named(model.display_name) ?? named(model.id),
    modelId: named(model.id),
    project: text(object(payload.workspace).project_dir) || text(payload.cwd) || null,
    cost: Object.fromEntries(
      COST_KEYS.flatMap(key => {
        const value = amount(cost[key]);
        return value === null ? [] : [[key, value]];
      }),
    ),
    contextPercent: percent(object(payload.context_window).used_percentage),
    limits: Object.fromEntries(
      Object.entries(object(payload.rate_limits))
        .slice(0, MAX_WINDOWS)
        .flatMap(([name, value]) => {
          const window = WINDOW_NAME.test(name) ? limitWindow(object(value)) : null;
          return window ? [[name, window]] : [];
        }),
    ),
  };
}

/** The client gives seconds since 1970. */
function limitWindow({ used_percentage, resets_at }: Payload): LimitWindow | null {
  const used = percent(used_percentage);
  if (used === null) return null;
  const seconds = amount(resets_at);
  const isTime = seconds !== null && seconds > 0 && seconds < 1e11;
  return { used_percentage: used, resets_at: isTime ? new Date(seconds * 1000).toISOString() : null };
}

const named = (value: unknown): string | null => (value ? limitText(text(value) ?? '', MAX_NAME) || null : null);

const amount = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

/** More than all is possible, where a client lets one go on. */
const percent = (value: unknown): number | null => {
  const given = amount(value);
  return given === null ? null : Math.min(given, 1000);
};
