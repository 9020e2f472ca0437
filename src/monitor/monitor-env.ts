/** The environment that a monitor is started with: what it needs, and none of the secrets of the terminal. */

import { object } from '../claude-code/payload.ts';
import { readPlain } from '../journal/plain-file.ts';
import { settingsPath } from '../store/read-settings.ts';

type Env = Record<string, string | undefined>;

/** What it needs to find its way. All else stays out: it may hold secrets, and a monitor lives long. */
const PASSED_ON =
  /^(PATH|HOME|TZ|TMPDIR|CLAUDE_CONFIG_DIR|DBUS_SESSION_BUS_ADDRESS|XDG_[A-Z_]+|SPANBOOK_[A-Z_]+|SystemRoot)$/;
/** Of one process: a fixed clock, a parent, a switch for hooks. */
const HELD_BACK = /^SPANBOOK_(NOW|PARENT_EVENT_ID|DISABLED)$/;

/** Of the variables, those that a monitor gets; also the one that the settings name for the password of a mail server. */
export function monitorEnv(env: Env, stateDir: string): Env {
  const password = passwordVariable(stateDir);
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => (PASSED_ON.test(name) && !HELD_BACK.test(name)) || name === password),
  );
}

function passwordVariable(stateDir: string): string | null {
  try {
    const settings = object(JSON.parse(readPlain(settingsPath(stateDir)).toString()));
    const { password_env } = object(object(settings.alerts).mail);
    return typeof password_env === 'string' ? password_env : null;
  } catch {
    return null;
  }
}
