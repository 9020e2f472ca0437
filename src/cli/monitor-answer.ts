/** How a monitor is, as data: what `monitor start`, `stop`, `status` and `run` answer. */
import type { LimitReading } from '../model/rate-limits.ts';
import type { MonitorPlace } from '../monitor/monitor-place.ts';
import type { MonitorState, MonitorStatus } from '../monitor/monitor-status.ts';
import { heartbeatAt } from '../store/heartbeat.ts';
import { lastHookAt } from '../store/last-hook.ts';
import { newestLimits } from '../store/rate-limits.ts';
import { readPollSeconds } from '../store/read-settings.ts';

export interface MonitorAnswer {
  running: boolean;
  pid: number | null;
  since: string | null;
  last_poll_at: string | null;
  /** There is none yet. */
  relay: null;
  hooks: { last_seen_at: string | null };
  state: MonitorState;
  poll_interval_seconds: number;
  heartbeat_at: string | null;
  /** What goes wrong, in words. */
  problems: readonly string[];
  /** The limits of the plan, as a status line last told them. */
  limits: (Pick<LimitReading, 'at' | 'session_id'> & { windows: LimitReading['rate_limits'] }) | null;
  state_dir: string;
  log: string;
}

const RUNNING: readonly MonitorState[] = ['running', 'stuck', 'elsewhere'];

export function monitorAnswer(place: MonitorPlace, { state, file, answer }: MonitorStatus): MonitorAnswer {
  const { stateDir, log } = place;
  const running = RUNNING.includes(state);
  const limits = newestLimits(stateDir);
  const problems = Array.isArray(answer?.problems) ? answer.problems.map(String) : [];
  return {
    running,
    pid: running ? (file?.pid ?? null) : null,
    since: running ? (file?.started_at ?? null) : null,
    last_poll_at: textOf(answer?.last_poll_at) ?? file?.last_poll_at ?? null,
    relay: null,
    hooks: { last_seen_at: timeOf(lastHookAt(stateDir)) },
    state,
    poll_interval_seconds: Number(answer?.poll_interval_seconds) || readPollSeconds(stateDir),
    heartbeat_at: timeOf(heartbeatAt(stateDir)),
    problems,
    limits: limits && { at: limits.at, session_id: limits.session_id, windows: limits.rate_limits },
    state_dir: stateDir,
    log,
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** RFC 3339, from milliseconds since 1970. */
const timeOf = (at: number | null): string | null => (at ? new Date(at).toISOString() : null);
