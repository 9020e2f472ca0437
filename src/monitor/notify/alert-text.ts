/** Alerts in the words of a message. */
import { safeText } from '../../query/safe-text.ts';
import { ALERT_LEVELS, type Alert, type AlertLevel } from '../../usage/alert.ts';

const MAX_LINES = 20;

/** For a subject or a headline. */
export function alertTitle(alerts: readonly Alert[]): string {
  const [first] = alerts;
  if (first && alerts.length === 1) return `spanbook: ${first.level}: ${kindText(first)}`;
  const critical = alerts.filter(({ level }) => level === 'critical').length;
  return `spanbook: ${alerts.length} alerts${critical > 0 ? `, ${critical} critical` : ''}`;
}

/** One line for each alert, the worst and newest first; names in them are made safe. */
export function alertLines(alerts: readonly Alert[]): string[] {
  const lines = worstFirst(alerts).map(({ level, message }) => `${level.toUpperCase()}: ${safeText(message)}`);
  const more = lines.length - MAX_LINES;
  return more > 0 ? [...lines.slice(0, MAX_LINES), `… and ${more} more: spanbook usage alerts`] : lines;
}

export function worstLevel(alerts: readonly Alert[]): AlertLevel {
  return worstFirst(alerts)[0]?.level ?? 'info';
}

const worstFirst = (alerts: readonly Alert[]): Alert[] =>
  [...alerts].sort(
    (a, b) => ALERT_LEVELS.indexOf(b.level) - ALERT_LEVELS.indexOf(a.level) || Date.parse(b.at) - Date.parse(a.at),
  );

const kindText = ({ kind, subject }: Alert): string => {
  const words = kind.replaceAll('_', ' ');
  return subject === null ? words : `${words}, ${safeText(subject)}`;
};
