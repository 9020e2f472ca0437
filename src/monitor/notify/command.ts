/** Alerts to a program of one's own: the alert as JSON on standard input, and in the environment. */
import { commandWords } from '../../model/command-words.ts';
import { hash128 } from '../../model/ids.ts';
import { limitText, MAX_TEXT } from '../../model/limit-text.ts';
import type { Alert } from '../../usage/alert.ts';
import type { Channel, NotifyDeps } from './channel.ts';
import { runProgram } from './run-program.ts';

const RUN_MILLIS = 30_000;
const ID_LENGTH = 8;

export function commandChannel(command: string, deps: NotifyDeps): Channel {
  const words = commandWords(command);
  return {
    // Commands may be put in another order without being told everything again.
    id: `command ${hash128(command).slice(0, ID_LENGTH)}`,
    // Arguments may be secret.
    name: `command ${words?.[0] ?? '(none)'}`,
    takesOne: true,
    send: async ([alert]) => {
      if (!alert) return { ok: true, detail: 'nothing to say' };
      if (!words) return { ok: false, detail: 'expected a program with its arguments, all quotes closed' };
      return runProgram({
        words,
        input: `${JSON.stringify(alert)}\n`,
        env: { ...deps.env, ...alertVariables(alert) },
        cwd: deps.stateDir,
        timeoutMillis: deps.programMillis ?? RUN_MILLIS,
      });
    },
  };
}

/** `SPANBOOK_ALERT_KEY`, `_LEVEL`, `_MESSAGE` and so on. */
function alertVariables(alert: Alert): Record<string, string> {
  const entries = Object.entries(alert).map(([name, value]) => [
    `SPANBOOK_ALERT_${name.toUpperCase()}`,
    // The system refuses a zero byte in a variable, and a long one.
    limitText(String(value ?? '').replaceAll('\0', ''), MAX_TEXT),
  ]);
  return Object.fromEntries(entries);
}
