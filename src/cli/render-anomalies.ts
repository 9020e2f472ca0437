/** Anomalies for people: what, when, and why. */
import { formatCount } from '../model/format-amount.ts';
import type { Anomalies, Anomaly } from '../query/analysis/find-anomalies.ts';
import { MIN_HISTORY } from '../query/analysis/value-history.ts';
import { safeText } from '../query/safe-text.ts';
import { localTime } from '../query/summary-text.ts';
import { renderRow } from './render-row.ts';
import type { Color, Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const COLORS: Readonly<Record<Anomaly['kind'], Color>> = { slow: 'yellow', dear: 'yellow', failed: 'red' };
const KIND_WIDTH = 6;
const INDENT = ' '.repeat(KIND_WIDTH + 2);

export function renderAnomalies(style: Style, { anomalies, found, examined, judged }: Anomalies): string[] {
  if (examined === 0) return ['No activity in what you asked for.', 'See: spanbook pipeline anomalies'];
  if (judged === 0) {
    return [
      `Too little history: of no activity have ${MIN_HISTORY} of the same name ended before it.`,
      `${formatCount(examined)} looked at. See: spanbook pipeline durations`,
    ];
  }
  const looked = `${formatCount(judged)} of ${formatCount(examined)} activities have enough history to be compared.`;
  if (found === 0) return ['Nothing out of the ordinary.', looked];
  return [
    ...anomalies.flatMap(anomaly => anomalyLines(style, anomaly)),
    '',
    found > anomalies.length
      ? `The newest ${formatCount(anomalies.length)} of ${formatCount(found)}; for more: --limit ${found}`
      : `${formatCount(found)} out of the ordinary.`,
    looked,
  ];
}

function anomalyLines(style: Style, { kind, level, name, event_id, started_at, reason }: Anomaly): string[] {
  return [
    renderRow(
      style,
      [{ text: kind.padEnd(KIND_WIDTH + 2), color: COLORS[kind] }, { text: `${level} ${safeText(name)}` }],
      [{ text: localTime(started_at), color: 'dim' }],
    ),
    ...wrapText(reason, style.columns - INDENT.length).map(line => INDENT + line),
    renderRow(style, [{ text: INDENT }, { text: safeText(event_id), color: 'dim' }]),
  ];
}
