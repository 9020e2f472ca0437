/** The channels that the settings ask for. None by default. */
import type { AlertSettings } from '../../model/alert-settings-schema.ts';
import type { Channel, NotifyDeps } from './channel.ts';
import { commandChannel } from './command.ts';
import { desktopChannel } from './desktop.ts';
import { mailChannel } from './mail.ts';
import { webhookChannel } from './webhook.ts';

export function channelsOf({ notify = false, webhook, mail }: AlertSettings, deps: NotifyDeps): Channel[] {
  const commands = typeof notify === 'boolean' ? [] : [notify].flat();
  return [
    ...(notify === true ? [desktopChannel(deps)] : []),
    ...[...new Set(commands)].map(command => commandChannel(command, deps)),
    ...(webhook ? [webhookChannel(webhook, deps)] : []),
    ...(mail ? [mailChannel(mail, deps)] : []),
  ];
}
