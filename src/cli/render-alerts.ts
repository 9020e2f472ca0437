/** Alerts about usage for people. */
import { safeText } from '../query/safe-text.ts';
import type { Alert, AlertLevel } from '../usage/alert.ts';
import type { Calendar } from '../usage/calendar.ts';
import { renderRow } from './render-row.ts';
import type { Color, Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const COLORS: Readonly<Record<AlertLevel, Color>> = { info: 'dim', warning: 'yellow', critical: 'red' };

/** Two lines for each, the newest first: when and how serious; what. */
export function renderAlerts(style: Style, alerts: readonly Alert[], calendar: Calendar): string[] {
  const { marks } = style;
  const mark = { info: marks.info, warning: marks.warning, critical: marks.failed };
  return alerts.toReversed().flatMap(({ level, at, message }) => {
    const time = calendar.label('hour', Date.parse(at));
    const head = renderRow(
      style,
      [{ text: `${mark[level]} ${level}`, color: COLORS[level] }],
      [{ text: time, color: 'dim' }],
    );
    return [head, ...wrapText(safeText(message), style.columns - 2).map(line => `  ${line}`)];
  });
}
