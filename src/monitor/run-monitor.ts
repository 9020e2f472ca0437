/** Runs the monitor of a state folder until it is told to stop. */
import type { Clock } from './clock.ts';
import { Monitor } from './monitor.ts';
import type { MonitorLog } from './monitor-log.ts';
import type { MonitorPlace } from './monitor-place.ts';
import type { MonitorService } from './monitor-service.ts';
import { Presence } from './presence.ts';
import type { UsagePoller } from './usage-poller.ts';

export interface MonitorOptions {
  place: MonitorPlace;
  version: string;
  clock: Clock;
  log: MonitorLog;
  poll: UsagePoller;
  /** Folders of the client, each with `projects` in it. */
  claudeDirs: readonly string[];
  services: readonly MonitorService[];
  /** Aborted with the reason for which the monitor is to stop. */
  stop: AbortSignal;
  /** Called once the monitor runs and answers. */
  onRunning?: () => void;
  /** Time between looks at the journal in milliseconds, 100 by default. */
  lookMillis?: number;
  /** Time between heartbeats in milliseconds, 1000 by default. */
  beatMillis?: number;
}

/** `ran`: it was the monitor, and has stopped. Otherwise somebody else is. */
export type MonitorEnd = { status: 'ran'; reason: string } | { status: 'here' } | { status: 'elsewhere'; who: string };

/** @throws a system error if the state folder cannot be written, for another reason than a full disk. */
export async function runMonitor(options: MonitorOptions): Promise<MonitorEnd> {
  const { place, version, clock, log, stop, onRunning } = options;
  const monitor = new Monitor(options);
  const taken = await Presence.take({ place, version, clock, answer: question => monitor.answer(question) });
  if (taken.status !== 'taken') return taken;
  log.info(`started as process ${process.pid}, version ${version}, for ${place.stateDir}`);
  const ended = monitor.run(taken.presence);
  onRunning?.();
  if (stop.aborted) monitor.end(String(stop.reason));
  else stop.addEventListener('abort', () => monitor.end(String(stop.reason)), { once: true });
  const reason = await ended;
  log.info(`stopped: ${reason}`);
  return { status: 'ran', reason };
}
