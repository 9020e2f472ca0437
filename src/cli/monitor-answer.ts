/** How a monitor is, as data: what `monitor start`, `stop`, `status` and `run` answer. */
import type { LimitReading } from '../model/rate-limits.ts';
import type { MonitorPlace } from '../monitor/monitor-place.ts';
import type { MonitorState, MonitorStatus } from '../monitor/monitor-status.ts';
import { shownUrl, tracesUrl } from '../processor/traces-url.ts';
import { heartbeatAt } from '../store/heartbeat.ts';
import { lastHookAt } from '../store/last-hook.ts';
import { newestLimits } from '../store/rate-limits.ts';
import { readPollSeconds, readWriterSettings } from '../store/read-settings.ts';
import { relayPlace } from '../store/relay/relay-place.ts';
import { type RelayStatus, readRelayStatus } from '../store/relay/relay-status.ts';

export interface MonitorAnswer {
  running: boolean;
  pid: number | null;
  since: string | null;
  last_poll_at: string | null;
  /** Null: the settings name no endpoint. */
  relay: Pick<
    RelayStatus,
    'endpoint' | 'state' | 'reason' | 'lag_events' | 'oldest_unsent_at' | 'sent' | 'quarantined'
  > | null;
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
    relay: relayAnswer(stateDir, running),
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

function relayAnswer(stateDir: string, running: boolean): MonitorAnswer['relay'] {
  const settled = readWriterSettings(stateDir).otlpEndpoint;
  if (!settled) return null;
  const url = tracesUrl(settled);
  const endpoint = URL.canParse(url) ? shownUrl(url) : url;
  const status = readRelayStatus(relayPlace(stateDir, url).status);
  if (!status)
    return { endpoint, state: 'stopped', reason: null, lag_events: 0, oldest_unsent_at: null, sent: 0, quarantined: 0 };
  const { reason, lag_events, oldest_unsent_at, sent, quarantined } = status;
  // Nobody is at it any more who would say so.
  const state = running || status.state === 'wrong-destination' ? status.state : 'stopped';
  return { endpoint, state, reason, lag_events, oldest_unsent_at, sent, quarantined };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** RFC 3339, from milliseconds since 1970. */
const timeOf = (at: number | null): string | null => (at ? new Date(at).toISOString() : null);
