/** The status for people. */
import { formatDuration } from '../query/format-duration.ts';
import type { PipelineStatus } from '../query/get-status.ts';
import type { RunningActivity } from '../query/list-active.ts';
import { safeText } from '../query/safe-text.ts';
import { localTime } from '../query/summary-text.ts';
import type { HookFailures } from './read-hook-failures.ts';
import { type Part, renderPairs, renderRow } from './render-row.ts';
import { paint, type Style } from './style.ts';

const MAX_ACTIVE = 20;

const SKIPPED_WORDS = {
  damaged: 'damaged',
  unknown: 'of a newer version',
  unreadable_inputs: 'hook inputs that were no JSON',
  unknown_hook_events: 'hook events that are not known',
} as const;

export interface StatusParts {
  status: PipelineStatus;
  active: readonly RunningActivity[];
  failures: HookFailures | null;
}

/** The lines of `pipeline status`. The last one is the command that is likely to come next. */
export function renderStatus(style: Style, { status, active, failures }: StatusParts): string[] {
  const { statistics: totals, current_context: context } = status;
  const pairs: [string, string][] = [['Status', status.pipeline_status]];
  if (status.system_name !== null) pairs.push(['System', safeText(status.system_name)]);
  if (status.stage !== null) pairs.push(['Stage', safeText(status.stage)]);
  if (context.checkpoint !== null) pairs.push(['Checkpoint', safeText(String(context.checkpoint))]);
  if (status.pipeline_started_at !== null) pairs.push(['Started', localTime(status.pipeline_started_at)]);
  if (status.pipeline_updated_at !== null) pairs.push(['Updated', localTime(status.pipeline_updated_at)]);
  const counts = [
    counted(totals.total_events, 'event'),
    counted(totals.total_commands, 'command'),
    counted(totals.total_agents_spawned, 'agent'),
    counted(totals.total_skills_invoked, 'skill'),
  ];
  pairs.push(['Recorded', counts.join(', ')]);
  pairs.push(['Went wrong', `${counted(totals.total_errors, 'error')}, ${counted(totals.total_warnings, 'warning')}`]);
  const lines = [...renderPairs(style, pairs), '', ...renderActive(style, active)];
  const attention = attentionLines(style, status, failures);
  if (attention.length > 0) lines.push('', ...attention);
  return [...lines, '', `Next: ${nextCommand(status)}`];
}

/** What is open, as indented lines with the time that each has taken. */
export function renderActive(style: Style, active: readonly RunningActivity[]): string[] {
  if (active.length === 0) return ['Nothing is running.'];
  const lines = [`Running now (${active.length})`];
  for (const { depth, level, name, label, elapsed_ms } of active.slice(0, MAX_ACTIVE)) {
    const left: Part[] = [
      { text: `  ${'  '.repeat(Math.min(depth, 10))}${style.marks.running} `, color: 'cyan' },
      { text: `${level} `, color: 'dim' },
      { text: safeText(name), color: 'bold' },
    ];
    if (label !== undefined) left.push({ text: ` ${style.marks.dot} ${safeText(label)}`, color: 'dim' });
    lines.push(renderRow(style, left, [{ text: formatDuration(elapsed_ms) }]));
  }
  if (active.length > MAX_ACTIVE) lines.push(`  ${style.marks.ellipsis} and ${active.length - MAX_ACTIVE} more`);
  return lines;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function attentionLines(style: Style, status: PipelineStatus, failures: HookFailures | null): string[] {
  const lines: string[] = [];
  const mark = paint(style, 'yellow', style.marks.warning);
  if (status.skipped) {
    const reasons = Object.entries(status.skipped).filter(([, count]) => count > 0);
    const total = reasons.reduce((sum, [, count]) => sum + count, 0);
    lines.push(`${mark} ${counted(total, 'journal line')} gave no event:`);
    for (const [reason, count] of reasons) {
      lines.push(
        `    ${count} ${reason in SKIPPED_WORDS ? SKIPPED_WORDS[reason as keyof typeof SKIPPED_WORDS] : reason}`,
      );
    }
  }
  if (failures) {
    lines.push(`${mark} ${counted(failures.count, 'failure')} in hooks, logged in`);
    lines.push(`    ${safeText(failures.path)}`);
    if (failures.last_reason !== null) {
      lines.push(renderRow(style, [{ text: `    last: ${safeText(failures.last_reason)}` }]));
    }
  }
  return lines;
}

function nextCommand(status: PipelineStatus): string {
  if (status.active_count > 0) return 'spanbook pipeline active --follow';
  if (status.pipeline_status === 'failed') return 'spanbook pipeline errors';
  return 'spanbook pipeline hierarchy';
}
