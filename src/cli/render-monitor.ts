/** How a monitor is, for people. */
import type { LimitWindows } from '../model/rate-limits.ts';
import { formatDuration } from '../query/format-duration.ts';
import { safeText } from '../query/safe-text.ts';
import { localTime } from '../query/summary-text.ts';
import type { MonitorAnswer } from './monitor-answer.ts';
import { renderPairs, renderRow } from './render-row.ts';
import { paint, type Style } from './style.ts';

/** Names of windows for people; others are shown as the client calls them. */
const WINDOW_NAMES: Readonly<Record<string, string>> = { five_hour: '5 hours', seven_day: '7 days' };

/** The lines of `monitor status`. `now`: milliseconds since 1970. */
export function renderMonitor(style: Style, answer: MonitorAnswer, now: number): string[] {
  const { running, last_poll_at, poll_interval_seconds, hooks, log, problems } = answer;
  const age = (time: string | null): string =>
    time === null ? 'never' : `${formatDuration(Math.max(0, now - Date.parse(time)))} ago`;
  const pairs: [string, string][] = [
    ['Monitor', monitorWords(answer, age)],
    ['Folder', safeText(answer.state_dir)],
    ['Usage', `looked for ${age(last_poll_at)}${running ? `, every ${poll_interval_seconds} s` : ''}`],
    ['Hooks', `last heard of ${age(hooks.last_seen_at)}`],
    ['Traces', relayWords(answer, age)],
    ['Limits', limitWords(answer, now, age)],
    ['Log', safeText(log)],
  ];
  const mark = paint(style, 'yellow', style.marks.warning);
  return [
    ...renderPairs(style, pairs),
    ...problems.map(problem => renderRow(style, [{ text: `${mark} ${safeText(problem)}` }])),
    ...(running && answer.state !== 'stuck' ? [] : ['', `Next: spanbook monitor ${running ? 'stop' : 'start'}`]),
  ];
}

type Age = (time: string | null) => string;

function monitorWords({ state, pid, since, heartbeat_at }: MonitorAnswer, age: Age): string {
  switch (state) {
    case 'running':
      return `running as process ${pid} since ${localTime(since ?? '')}`;
    case 'stuck':
      return `process ${pid} is there, but does not answer; its last sign of life came ${age(heartbeat_at)}`;
    case 'elsewhere':
      return `running as process ${pid}, of another user, container or host`;
    case 'killed':
      return 'not running; it was killed';
    case 'stopped':
      return 'not running; hooks and queries keep the files up to date';
  }
}

function relayWords({ relay, running }: MonitorAnswer, age: Age): string {
  if (!relay) return 'sent nowhere; set otlp.endpoint in spanbook.json, as http://127.0.0.1:4318';
  // The whole address would leave no room for what is wrong.
  const to = safeText(URL.canParse(relay.endpoint) ? new URL(relay.endpoint).host : relay.endpoint);
  const behind =
    relay.oldest_unsent_at === null
      ? ''
      : `; ${relay.lag_events} events behind, the oldest ${age(relay.oldest_unsent_at)}`;
  switch (relay.state) {
    case 'idle':
    case 'sending':
      return `sent to ${to}${behind}`;
    case 'holding':
      return `held for ${to}, which does not take them now${behind}`;
    case 'wrong-destination':
      return `held: what answers at ${to} takes no spans${behind}`;
    case 'stopped':
      return running
        ? `to be sent to ${to}${behind}`
        : `for ${to}, once the monitor runs, or by spanbook ship${behind}`;
  }
}

function limitWords({ limits }: MonitorAnswer, now: number, age: Age): string {
  const windows = Object.entries((limits?.windows ?? {}) as LimitWindows);
  if (!limits || windows.length === 0) return 'not known; spanbook statusline tells them';
  const parts = windows.map(([name, { used_percentage, resets_at }]) => {
    const known = WINDOW_NAMES[name] ?? safeText(name);
    if (resets_at === null) return `${known} ${Math.floor(used_percentage)}%`;
    if (Date.parse(resets_at) <= now) return `${known} begun anew since`;
    return `${known} ${Math.floor(used_percentage)}% until ${localTime(resets_at)}`;
  });
  return `${parts.join(', ')} (told ${age(limits.at)})`;
}
