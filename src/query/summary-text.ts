/** The summary as plain text, for the command line and for the API. */

import type { UsageRow } from '../model/document-schema.ts';
import { formatMoney, formatShort } from '../model/format-amount.ts';
import { formatDuration } from './format-duration.ts';
import { safeText } from './safe-text.ts';
import type { ActivitySummary, Summary } from './summarize.ts';

const MAX_ROWS = 20;
const NAME_WIDTH = 32;
/** Money is in a column of its own, where anything was used. */
const COST_WIDTH = 10;
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
    ...usageLines(summary.usage),
  ];
  if (summary.active.length > 0) {
    lines.push('', `Running now (${summary.active.length})`);
    for (const { level, name, elapsed_ms } of summary.active.slice(0, MAX_ROWS)) {
      lines.push(`  ${level.padEnd(10)} ${cut(name, NAME_WIDTH)}  ${formatDuration(elapsed_ms)}`);
    }
    lines.push(...more(summary.active.length));
  }
  if (summary.activities.length > 0) {
    const nameWidth = summary.usage ? NAME_WIDTH - COST_WIDTH : NAME_WIDTH;
    const cost = summary.usage ? 'cost'.padStart(COST_WIDTH) : '';
    lines.push('', `${'Activities'.padEnd(13 + nameWidth)}  runs failed  average  longest${cost}`);
    const shown = summary.activities.slice(0, MAX_ROWS);
    lines.push(...shown.map(row => activityLine(row, nameWidth)), ...more(summary.activities.length));
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

function activityLine(row: ActivitySummary, nameWidth: number): string {
  const name = cut(row.name, nameWidth).padEnd(nameWidth);
  const ended = row.count > row.running;
  const times = [row.average_ms, row.longest_ms]
    .map(time => (ended ? formatDuration(time) : '-').padStart(7))
    .join('  ');
  const cost = row.usage ? costText(row.usage).padStart(COST_WIDTH) : '';
  return `  ${row.level.padEnd(10)} ${name}  ${String(row.count).padStart(4)} ${String(row.failed).padStart(6)}  ${times}${cost}`;
}

/** What of it has no price costs something all the same. */
const costText = ({ cost = 0, unpriced_tokens: unpriced = 0 }: UsageRow): string =>
  cost === 0 && unpriced > 0 ? '-' : formatMoney(cost);

function usageLines(usage: UsageRow | undefined): string[] {
  if (!usage) return [];
  const cached = usage.cache_read_tokens + usage.cache_write_5m_tokens + usage.cache_write_1h_tokens;
  const unpriced = usage.unpriced_tokens ? `, without ${formatShort(usage.unpriced_tokens)} tokens that have none` : '';
  return [
    `  Tokens    ${formatShort(usage.input_tokens + cached)} in, ${formatShort(usage.output_tokens)} out`,
    `  Cost      ${costText(usage)} (list price${unpriced})`,
  ];
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
