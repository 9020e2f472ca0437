/** An event as one line, for a watch without a screen. */

import type { PipelineEvent } from '../../model/document-schema.ts';
import { formatMoney, formatShort } from '../../model/format-amount.ts';
import { allTokens } from '../../query/all-tokens.ts';
import { isEnd, isStart, noteText } from '../../query/event-kinds.ts';
import { formatDuration } from '../../query/format-duration.ts';
import { safeText } from '../../query/safe-text.ts';
import { clockTime } from '../local-time.ts';
import { type Color, paint, type Style } from '../style.ts';
import { LOOKS } from './watch-words.ts';

/** Time, what happened, level, name; of an end how long it took and what it used. Not cut: it may be read by programs. */
export function eventLine(style: Style, event: PipelineEvent): string {
  const { marks } = style;
  const { activity, level } = event;
  const name = `${safeText(activity.name)}${activity.label ? ` ${marks.dot} ${safeText(activity.label)}` : ''}`;
  const line = (mark: string, color: Color, words: readonly string[]): string =>
    [paint(style, 'dim', clockTime(event.timestamp)), paint(style, color, mark), ...words].join(' ');
  if (isStart(event)) return line(marks.running, 'cyan', ['start', level, name]);
  if (isEnd(event)) {
    const look = LOOKS[event.status];
    const status = event.status === 'completed' ? 'end' : event.status;
    const used = event.usage?.total;
    return line(marks[look.mark], look.color, [
      status,
      level,
      name,
      formatDuration(event.duration_ms),
      ...(used ? [`${formatShort(allTokens(used))} tokens`] : []),
      ...(used?.cost === undefined ? [] : [formatMoney(used.cost)]),
    ]);
  }
  const { type, message } = noteText(event);
  const looks = { error: ['failed', 'red'], warning: ['warning', 'yellow'], info: ['info', 'dim'] } as const;
  const [mark, color] = looks[event.event_type];
  const what = [type, message].filter(Boolean).join(': ');
  return line(marks[mark], color, [event.event_type, `${activity.type} ${name}`, safeText(what)]);
}
