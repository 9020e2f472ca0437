/** `pipeline events`: events as they came. */
import type { PipelineEvent } from '../../model/document-schema.ts';
import { isEnd, isNote, noteText } from '../../query/event-kinds.ts';
import { type EventFilter, filterEvents, oldestOf } from '../../query/filter-events.ts';
import { formatDuration } from '../../query/format-duration.ts';
import { safeText } from '../../query/safe-text.ts';
import { readHistory } from '../../store/read-document.ts';
import { type CommandAnswer, type CommandCall, numberOption, textOption } from '../command-spec.ts';
import { emptyStateText } from '../empty-state.ts';
import { clockTime, dayTitle } from '../local-time.ts';
import { renderRow } from '../render-row.ts';
import { type Color, paint, type Style } from '../style.ts';

const DEFAULT_LIMIT = 50;
const TYPE_WIDTH = 18;
const ID_WIDTH = 20;

const COLORS: Readonly<Record<string, Color>> = { error: 'red', warning: 'yellow' };

export function run(call: CommandCall): CommandAnswer {
  const { stateDir, say, style, context } = call;
  const now = context.now();
  const filter: EventFilter = {
    recentMinutes: numberOption(call, 'recent'),
    type: textOption(call, 'type'),
    level: textOption(call, 'level'),
  };
  const document = readHistory(stateDir, say, oldestOf(filter, now));
  const all = filterEvents(document.events, filter, now);
  const limit = numberOption(call, 'limit') ?? (call.json ? all.length : DEFAULT_LIMIT);
  const events = all.slice(Math.max(0, all.length - limit));
  return {
    json: { events },
    text() {
      if (document.statistics.total_events === 0) return emptyStateText(stateDir);
      if (events.length === 0) return 'No event passes these filters.';
      const lines = eventLines(style, events);
      const hidden = all.length - events.length;
      if (hidden > 0)
        lines.push('', `${hidden} earlier ${hidden === 1 ? 'event' : 'events'} not shown: --limit ${all.length}`);
      return lines.join('\n');
    },
  };
}

/** One line an event, with a title for every day (local). */
function eventLines(style: Style, events: readonly PipelineEvent[]): string[] {
  let day = '';
  return events.flatMap(event => {
    const title = dayTitle(event.timestamp);
    const titles = title === day ? [] : [paint(style, 'dim', title)];
    day = title;
    return [...titles, eventLine(style, event)];
  });
}

function eventLine(style: Style, event: PipelineEvent): string {
  let what = safeText(event.activity.name);
  if (isNote(event)) {
    const { type, message } = noteText(event);
    what = safeText(type === null ? message : `${type}: ${message}`);
  } else if (isEnd(event)) {
    what = `${what} ${event.status} ${formatDuration(event.duration_ms)}`;
  }
  return renderRow(style, [
    { text: `${clockTime(event.timestamp)} `, color: 'dim' },
    { text: `${event.event_id.padEnd(ID_WIDTH)} `, color: 'dim' },
    { text: `${event.event_type.padEnd(TYPE_WIDTH)} `, color: COLORS[event.event_type] },
    { text: what },
  ]);
}
