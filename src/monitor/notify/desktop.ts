/** Alerts on the desktop, by the program that it has for that. */
import { existsSync } from 'node:fs';
import { alertLines, alertTitle, worstLevel } from './alert-text.ts';
import type { Channel, NotifyDeps } from './channel.ts';
import { runProgram } from './run-program.ts';

const RUN_MILLIS = 10_000;
/** Texts come as arguments: in the script itself they could be taken for more of it. */
const APPLE_SCRIPT = [
  'on run argv',
  'display notification (item 2 of argv) with title (item 1 of argv)',
  'end run',
].flatMap(line => ['-e', line]);

export function desktopChannel(deps: NotifyDeps): Channel {
  return {
    id: 'desktop',
    name: 'desktop',
    takesOne: false,
    send: async alerts => {
      const title = alertTitle(alerts);
      const body = alertLines(alerts).join('\n');
      const urgency = worstLevel(alerts) === 'critical' ? 'critical' : 'normal';
      const { platform = process.platform } = deps;
      const words = programOf(platform, { title, body, urgency });
      if (!words) return { ok: false, detail: `no notifications on ${platform}; give alerts.notify a command` };
      const result = await runProgram({
        words,
        env: withSessionBus(deps.env),
        cwd: '/',
        timeoutMillis: deps.programMillis ?? RUN_MILLIS,
      });
      const isMissing = !result.ok && result.detail.endsWith('is not there');
      return isMissing
        ? { ok: false, detail: `${result.detail}: install it, or give alerts.notify a command` }
        : result;
    },
  };
}

interface Words {
  title: string;
  body: string;
  urgency: string;
}

function programOf(platform: string, { title, body, urgency }: Words): string[] | null {
  if (platform === 'darwin') return ['osascript', ...APPLE_SCRIPT, title, body];
  if (platform !== 'linux') return null;
  return ['notify-send', '--app-name=spanbook', `--urgency=${urgency}`, '--', title, escaped(body)];
}

/** Notification servers read tags in the body. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A process that was not started from the desktop may not know its bus, which lies where systemd has it. */
function withSessionBus(env: NotifyDeps['env']): NotifyDeps['env'] {
  const bus = `${env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? ''}`}/bus`;
  if (env.DBUS_SESSION_BUS_ADDRESS || !existsSync(bus)) return env;
  return { ...env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${bus}` };
}
