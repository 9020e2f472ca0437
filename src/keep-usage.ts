/** What follows from usage that was read: alerts, and `usage_stats.json`. */
import { systemErrorCode } from './errors.ts';
import { type AlertAnswer, evaluateAlerts } from './evaluate-usage.ts';
import { usageStatsDocument } from './query/usage/usage-stats-document.ts';
import { usageTotals } from './query/usage/usage-totals.ts';
import type { UsageRead } from './read-usage.ts';
import type { Say } from './store/read-document.ts';
import { readPollSeconds } from './store/read-settings.ts';
import { appendSnapshot, readSnapshots } from './store/snapshot-log.ts';
import { writeUsageStats } from './store/write-usage-stats.ts';
import { localCalendar } from './usage/local-calendar.ts';

/** How many snapshots stand in the document: a day at one in five minutes. */
const SHOWN_SNAPSHOTS = 288;

export interface KeepUsageOptions {
  stateDir: string;
  /** Milliseconds since 1970. */
  now: number;
  say: Say;
  /** Keep the totals of this moment too. The monitor does; a question is no moment of its own. */
  snapshot?: boolean;
}

/** Called by whoever has read new usage, and by the monitor at every look. A disk that refuses is said, not thrown. */
export function keepUsage({ view, pricing }: UsageRead, options: KeepUsageOptions): AlertAnswer {
  const { stateDir, now, say } = options;
  // Limits hold for the hours and days of this machine.
  const calendar = localCalendar();
  const alerts = evaluateAlerts({ view, pricing: pricing.pricing, calendar, now, stateDir });
  if (alerts.problem !== null) say(alerts.problem);
  try {
    if (options.snapshot) appendSnapshot(stateDir, { at: new Date(now).toISOString(), ...usageTotals(view).totals });
    writeUsageStats(
      stateDir,
      usageStatsDocument(view, {
        calendar,
        now,
        pollIntervalSeconds: readPollSeconds(stateDir),
        snapshots: readSnapshots(stateDir, SHOWN_SNAPSHOTS),
        alerts: [...alerts.recent],
      }),
    );
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    say(`usage_stats.json cannot be written (${code})`);
  }
  return alerts;
}
