/** The whole terminal for one command: its screen, its keys, and all of it given back however the command ends. */
import { writeSync } from 'node:fs';

/** The other screen, without cursor, and lines that are too long do not go on in the next. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l';
const SIGNALS = { SIGINT: 0, SIGTERM: 143, SIGHUP: 129 } as const;
/** A process that cannot be suspended (no shell would wake it) goes on after so long. */
const NOT_SUSPENDED_MILLIS = 200;

export interface TerminalHandlers {
  onInput(text: string): void;
  /** The screen must be drawn anew: it has another size, or shows something else. */
  onStale(): void;
  /** `code`: the exit code that says why. */
  onEnd(code: number): void;
}

export interface Terminal {
  /** False while the shell has it. */
  readonly isOpen: boolean;
  size(): { columns: number; rows: number };
  /** Gives the terminal to the shell until it comes back. */
  suspend(): void;
  close(): void;
}

/** Standard output must be a terminal; without one on standard input there are no keys. */
export function openTerminal(handlers: TerminalHandlers): Terminal {
  const { stdin, stdout } = process;
  const hasKeys = stdin.isTTY === true;
  let isOpen = false;

  const enter = (): void => {
    isOpen = true;
    if (hasKeys) stdin.setRawMode(true).resume();
    stdout.write(ENTER);
  };
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    try {
      // Also at the very end, when no stream is written any more.
      writeSync(1, LEAVE);
      if (hasKeys) stdin.setRawMode(false).pause();
    } catch {
      // The terminal is gone, and with it all that was to be put right.
    }
  };
  const woken = (): void => {
    enter();
    handlers.onStale();
  };
  const ends = Object.entries(SIGNALS).map(([signal, code]) => [signal, () => handlers.onEnd(code)] as const);
  const onGone = (): void => handlers.onEnd(SIGNALS.SIGHUP);

  for (const [signal, act] of ends) process.on(signal, act);
  process.on('SIGCONT', woken);
  process.on('exit', leave);
  // What Node.js says of an error that nobody caught is to stand on the screen that stays.
  process.on('uncaughtExceptionMonitor', leave);
  stdout.on('resize', handlers.onStale);
  if (hasKeys) stdin.setEncoding('utf8').on('data', handlers.onInput).on('end', onGone).on('error', onGone);
  enter();
  return {
    get isOpen() {
      return isOpen;
    },
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    suspend() {
      leave();
      process.kill(0, 'SIGTSTP');
      setTimeout(() => isOpen || woken(), NOT_SUSPENDED_MILLIS);
    },
    close() {
      leave();
      for (const [signal, act] of ends) process.off(signal, act);
      process.off('SIGCONT', woken).off('exit', leave).off('uncaughtExceptionMonitor', leave);
      stdout.off('resize', handlers.onStale);
      if (hasKeys) stdin.off('data', handlers.onInput).off('end', onGone).off('error', onGone).unref();
    },
  };
}
