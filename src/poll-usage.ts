/** One look for new usage, as the monitor makes it: read, count, keep, tell of alerts. */
import { keepUsage } from './keep-usage.ts';
import type { ToldExtent } from './model/leaf.ts';
import type { MonitorLog } from './monitor/monitor-log.ts';
import { deliverAlerts } from './monitor/notify/deliver-alerts.ts';
import { readAlertSettings } from './monitor/notify/read-alert-settings.ts';
import type { PollResult } from './monitor/usage-poller.ts';
import { readUsageInThreads } from './read-usage.ts';
import type { Alert } from './usage/alert.ts';
import { localCalendar } from './usage/local-calendar.ts';

const RETRY_MILLIS = 60_000;

export interface PollUsageOptions {
  stateDir: string;
  /** Folders of the client, each with `projects` in it. */
  claudeDirs: readonly string[];
  /** The prices that come with the package. */
  pricingPath: string;
  /** The built worker that scans transcripts. */
  workerPath: string;
  log: MonitorLog;
  /** Told after each look which activities are told of. */
  onTold?: (extent: ToldExtent) => void;
}

export class UsagePoll {
  readonly #options: PollUsageOptions;
  /** What was kept last, so that nothing is computed anew while nothing changes. */
  #keptHour = Number.NaN;
  #recent: readonly Alert[] = [];
  #delivering: Promise<unknown> = Promise.resolve();
  /** When something is to be sent again. */
  #retryAt: number | null = null;

  constructor(options: PollUsageOptions) {
    this.#options = options;
  }

  /** Reads and keeps what is new. `now`: milliseconds since 1970. */
  async look(now: number): Promise<PollResult> {
    const { stateDir, log } = this.#options;
    const say = (message: string): void => log.warn(message);
    const read = await readUsageInThreads({ ...this.#options, now, say, helps: false });
    this.#options.onTold?.(read.told);
    const calendar = localCalendar();
    const hour = calendar.startOf('hour', now);
    // A new hour has other limits, and other rows in the document.
    if (read.news || hour !== this.#keptHour) {
      this.#recent = keepUsage(read, { stateDir, now, say, snapshot: read.news !== null }).recent;
      this.#keptHour = hour;
      for (const path of read.pricing.ignored) log.warn(`usage_pricing.json: ${path || 'the whole file'} is not used`);
    }
    // The channels may take long: the next look does not wait for them, the next delivery does.
    this.#delivering = this.#delivering.then(() => this.#deliver(this.#recent));
    const next = calendar.shift('hour', now, 1);
    const nextAt = Math.min(next, read.news?.next_at ?? next, this.#retryAt ?? next);
    return { changed: read.news !== null, next_at: nextAt };
  }

  async #deliver(recent: readonly Alert[]): Promise<void> {
    const { stateDir, log } = this.#options;
    const { settings, problem } = await readAlertSettings(stateDir);
    if (problem !== null) log.warn(problem);
    const { env, platform } = process;
    const reports = await deliverAlerts(recent, settings, { stateDir, env, platform, now: Date.now, log: log.info });
    this.#retryAt = reports.some(({ ok }) => !ok) ? Date.now() + RETRY_MILLIS : null;
  }
}
