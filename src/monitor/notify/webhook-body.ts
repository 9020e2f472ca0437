/** The body of a webhook: what Slack takes, and with it Mattermost, Rocket.Chat and Discord (`…/slack`). */
import { safeText } from '../../query/safe-text.ts';
import type { Alert, AlertLevel } from '../../usage/alert.ts';
import { alertLines, alertTitle } from './alert-text.ts';

const COLORS: Readonly<Record<AlertLevel, string>> = { info: '#439fe0', warning: '#daa038', critical: '#d00000' };
/** Words that ring for everybody, wherever they stand. */
const MENTION = /@(?=(?:all|channel|everyone|here)\b)/gi;
const MAX_FIELDS_OF = 5;

/** `text` says everything; the attachments show it again in fields, for as many alerts as a reader bears. */
export function webhookBody(alerts: readonly Alert[]): string {
  const lines = alertLines(alerts).map(plain);
  return JSON.stringify({
    text: [`*${plain(alertTitle(alerts))}*`, ...lines].join('\n'),
    attachments: alerts.slice(0, MAX_FIELDS_OF).map(alert => ({
      color: COLORS[alert.level],
      fallback: plain(alertLines([alert])[0] ?? ''),
      fields: fieldsOf(alert).map(([title, value]) => ({ title, value: plain(value), short: true })),
      ts: Math.floor(Date.parse(alert.at) / 1000),
    })),
  });
}

function fieldsOf({ kind, level, subject, period, period_start, value, limit }: Alert): [string, string][] {
  return [
    ['alert', kind.replaceAll('_', ' ')],
    ['level', level],
    ...(subject === null ? [] : [['about', safeText(subject)] as [string, string]]),
    [period, period_start],
    ['value', String(value)],
    ['limit', String(limit)],
  ];
}

/** Names may hold what a chat takes for markup, links or calls to everybody. */
const plain = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(MENTION, '@\u200b');
