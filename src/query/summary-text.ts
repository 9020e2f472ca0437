/** The summary as plain text, for the command line and for the API. */
import { formatDuration } from './format-duration.ts';
import { safeText } from './safe-text.ts';
import type { ActivitySummary, Summary } from './summarize.ts';

const MAX_ROWS = 20;
const NAME_WIDTH = 32;
const MESSAGE_WIDTH = 64;

/** Lines of at most 80 columns (names are cut), without colours; ends with a line end. */
export function summaryText(summary: Summary): string {
  const { statistics: totals } = summary;
  const about = [summary.system_name, summary.stage].filter(text => text !== null).map(safeText);
  const lines = [
    `Pipeline summary${about.length > 0 ? `: ${about.join(', ')}` : ''}`,
    '',
    `  Status    ${summary.pipeline_status}`,
    `  Time      ${period(summary)}`,
    `  Commands  ${totals.total_commands}`,
    `  Agents    ${totals.total_agents_spawned}`,
    `  Skills    ${totals.total_skills_invoked}`,
    `  Errors    ${totals.total_errors}`,
    `  Warnings  ${totals.total_warnings}`,
    `  Events    ${totals.total_events}`,
  ];
  if (summary.active.length > 0) {
    lines.push('', `Running now (${summary.active.length})`);
    for (const { level, name, elapsed_ms } of summary.active.slice(0, MAX_ROWS)) {
      lines.push(`  ${level.padEnd(10)} ${cut(name, NAME_WIDTH)}  ${formatDuration(elapsed_ms)}`);
    }
    lines.push(...more(summary.active.length));
  }
  if (summary.activities.length > 0) {
    lines.push('', `${'Activities'.padEnd(45)}  runs failed  average  longest`);
    lines.push(...summary.activities.slice(0, MAX_ROWS).map(activityLine), ...more(summary.activities.length));
  }
  if (summary.problems.length > 0) {
    lines.push('', 'Errors and warnings');
    for (const { level, type, count, last_message } of summary.problems.slice(0, MAX_ROWS)) {
      lines.push(`  ${String(count).padStart(4)} x ${level} ${cut(type, NAME_WIDTH)}`);
      lines.push(`         last: ${cut(last_message, MESSAGE_WIDTH)}`);
    }
    lines.push(...more(summary.problems.length));
  }
  return `${lines.join('\n')}\n`;
}

function activityLine(row: ActivitySummary): string {
  const name = cut(row.name, NAME_WIDTH).padEnd(NAME_WIDTH);
  const ended = row.count > row.running;
  const times = [row.average_ms, row.longest_ms]
    .map(time => (ended ? formatDuration(time) : '-').padStart(7))
    .join('  ');
  return `  ${row.level.padEnd(10)} ${name}  ${String(row.count).padStart(4)} ${String(row.failed).padStart(6)}  ${times}`;
}

function period({ pipeline_started_at: from, pipeline_updated_at: to }: Summary): string {
  if (from === null || to === null) return 'nothing recorded yet';
  const took = formatDuration(Math.max(0, Date.parse(to) - Date.parse(from)));
  return `${localTime(from)} to ${localTime(to)} (${took})`;
}

/** `2026-01-31 14:05:09` in the zone of this machine. */
export function localTime(timestamp: string): string {
  const at = new Date(timestamp);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

const more = (count: number): string[] => (count > MAX_ROWS ? [`  … and ${count - MAX_ROWS} more`] : []);

function cut(text: string, width: number): string {
  const safe = safeText(text);
  return safe.length > width ? `${safe.slice(0, width - 1).toWellFormed()}…` : safe;
}
