/** `GET /api/now`: what runs, what it burns, what went wrong. */
import { usageBudgets } from '../evaluate-usage.ts';
import { listAlerts } from '../list-alerts.ts';
import type { LiveView } from '../live/live-view.ts';
import { allTokens } from '../query/all-tokens.ts';
import { type NoteEvent, noteText } from '../query/event-kinds.ts';
import { getStatus } from '../query/get-status.ts';
import type { ActivityTable } from '../query/runs/activity-table.ts';
import { activityTree } from '../query/runs/activity-tree.ts';
import { usagePeriods } from '../query/usage/usage-periods.ts';
import type { UsageRead } from '../read-usage.ts';
import type { Calendar } from '../usage/calendar.ts';
import type { NowAnswer } from './answers.ts';

const RECENT = 12;
const PROBLEMS = 20;
const ALERT_MILLIS = 86_400_000;

export interface NowQuery {
  stateDir: string;
  calendar: Calendar;
  /** Milliseconds since 1970. */
  now: number;
}

export function nowAnswer(view: LiveView, query: NowQuery): NowAnswer {
  const { history, requests, usage, lister } = view;
  const { table } = history;
  const { now } = query;
  const running = [...table.roots].filter(({ status }) => status === 'running');
  return {
    status: getStatus(history.head),
    running: running
      .sort((a, b) => a.startedAt - b.startedAt)
      .map(root => activityTree(table, root, { now, usageOf: view.usageOf })),
    recent: lister.list({ ended: true, limit: RECENT }, now).runs,
    burn: { one: requests.burn(1), five: requests.burn(5) },
    ...(usage ? ofUsage(usage, query) : { today: null, alerts: [], budgets: [] }),
    problems: problemsOf(table),
    is_whole: history.isWhole,
  };
}

function ofUsage(
  { view, pricing }: UsageRead,
  { stateDir, calendar, now }: NowQuery,
): Pick<NowAnswer, 'today' | 'alerts' | 'budgets'> {
  const { total } = usagePeriods(view, { unit: 'day', count: 1, calendar, now });
  const evaluated = { view, pricing: pricing.pricing, calendar, now };
  return {
    today: {
      cost: total.cost,
      tokens: allTokens(total),
      requests: total.requests,
      unpriced_tokens: total.unpriced_tokens,
    },
    alerts: listAlerts({ ...evaluated, stateDir })
      .filter(({ noted_at }) => Date.parse(noted_at) >= now - ALERT_MILLIS)
      .reverse(),
    budgets: usageBudgets(evaluated),
  };
}

function problemsOf(table: ActivityTable): NowAnswer['problems'] {
  const newest: NoteEvent[] = [];
  for (const note of table.notes) {
    if (note.event_type === 'info') continue;
    newest.push(note);
    // Only the newest count, and there may be very many.
    if (newest.length > 50 * PROBLEMS) newest.sort(newestFirst).splice(PROBLEMS);
  }
  return newest
    .sort(newestFirst)
    .slice(0, PROBLEMS)
    .map(note => ({
      event_id: note.event_id,
      level: note.event_type,
      at: note.timestamp,
      type: noteText(note).type,
      message: noteText(note).message,
      run_id: table.rootOf(note.parent_event_id ?? '')?.id ?? null,
      activity: note.activity.name,
    }));
}

const newestFirst = (a: NoteEvent, b: NoteEvent): number =>
  a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0;
