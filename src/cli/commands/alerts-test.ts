/** `alerts test`: a test alert over every channel, and what came of it. Nothing of it is logged as an alert. */
import { SpanbookError } from '../../errors.ts';
import { channelsOf } from '../../monitor/notify/channels-of.ts';
import { readAlertSettings } from '../../monitor/notify/read-alert-settings.ts';
import { safeText } from '../../query/safe-text.ts';
import { settingsPath } from '../../store/read-settings.ts';
import { makeAlert } from '../../usage/alert.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { renderRow } from '../render-row.ts';

export async function run({ stateDir, context, style }: CommandCall): Promise<CommandAnswer> {
  const { settings, problem } = await readAlertSettings(stateDir);
  // The settings were checked before: somebody has just changed them.
  if (problem !== null) throw new SpanbookError('BAD_SETTINGS', problem);
  const now = context.now();
  const alert = makeAlert({
    kind: 'test',
    level: 'warning',
    at: now,
    now,
    period: 'hour',
    periodStart: now,
    subject: null,
    value: 0,
    limit: 0,
    message: 'This is a test of the alerts of spanbook. Nothing has happened.',
  });
  const channels = channelsOf(settings, { stateDir, env: context.env, platform: process.platform });
  const results = await Promise.all(
    channels.map(async channel => ({ channel: channel.name, ...(await channel.send([alert])) })),
  );
  const { marks } = style;
  const rows = results.flatMap(({ channel, ok, detail }) => {
    const mark = { text: `${ok ? marks.completed : marks.failed} `, color: ok ? 'green' : 'red' } as const;
    if (ok) return [renderRow(style, [mark, { text: safeText(`${channel}: ${detail}`) }])];
    // Not cut: its end may say what to do.
    return [renderRow(style, [mark, { text: safeText(channel) }]), `  ${marks.arrow} ${safeText(detail)}`];
  });
  return {
    json: { channels: results },
    text: () => (rows.length > 0 ? rows : howToConfigure(settingsPath(stateDir))).join('\n'),
    failed: results.some(({ ok }) => !ok),
  };
}

const howToConfigure = (path: string): string[] => [
  'No channel is set, so alerts are only logged (spanbook usage alerts).',
  `Set one or more in ${safeText(path)}, as`,
  '  {"alerts": {"notify": true}}                        a notification on the desktop',
  '  {"alerts": {"notify": "/path/to/program --flag"}}   a program of your own',
  '  {"alerts": {"webhook": {"url": "https://…"}}}       Slack and others',
  '  {"alerts": {"mail": {"to": "…", "from": "…", "host": "…"}}}',
];
