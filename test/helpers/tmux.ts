/** A real terminal for tests: tmux with a server of its own, in UTF-8 and where it is noon. */
import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { middayZone } from './midday-zone.ts';
import { ROOT } from './run-program.ts';

const DEADLINE_MILLIS = 20_000;
const POLL_MILLIS = 50;

export function hasTmux(): boolean {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env.SPANBOOK_REQUIRE_TMUX === '1') throw new Error('tmux: expected it to be there, got none');
    return false;
  }
}

let sessions = 0;

export interface Tmux {
  /** The lines of the screen. */
  screen(): string[];
  /** The lines once this holds of their text, or an error with what was there instead. */
  until(holds: (text: string) => boolean): Promise<string[]>;
  /** Keys by their names, as `Enter`, or letters. */
  press(...keys: string[]): void;
  resize(columns: number, rows: number): void;
  /** Anything else that tmux tells of the pane, as `pane_pid`. */
  tell(format: string): string;
}

/** A shell in a terminal of this size, in which `spanbook` is the built command line. */
export function openTmux(size: { columns: number; rows: number }, env: Record<string, string> = {}): Tmux {
  const socket = `spanbook-test-${process.pid}-${++sessions}`;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        LANG: 'C.UTF-8',
        TZ: middayZone(),
        TERM: 'xterm-256color',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const { columns, rows } = size;
  tmux('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, "env PS1='ready> ' bash --norc --noprofile");
  onTestFinished(() => close(tmux));
  const screen = (): string[] => tmux('capture-pane', '-p').replace(/\n$/, '').split('\n');
  const terminal: Tmux = {
    screen,
    async until(holds) {
      const deadline = Date.now() + DEADLINE_MILLIS;
      for (;;) {
        const lines = screen();
        if (holds(lines.join('\n'))) return lines;
        if (Date.now() > deadline) throw new Error(`the screen: expected something else, got\n${lines.join('\n')}`);
        await wait(POLL_MILLIS);
      }
    },
    press: (...keys) => void tmux('send-keys', ...keys),
    resize: (width, height) => void tmux('resize-window', '-x', `${width}`, '-y', `${height}`),
    tell: format => tmux('display-message', '-p', `#{${format}}`).trim(),
  };
  return terminal;
}

/** Ends the server, and waits for what runs in its terminal, which may still be writing to folders that go next. */
async function close(tmux: (...args: string[]) => string): Promise<void> {
  const pids = runningProcesses('-t', tmux('display-message', '-p', '#{pane_tty}').trim());
  tmux('kill-server');
  const deadline = Date.now() + DEADLINE_MILLIS;
  while (pids.length > 0 && runningProcesses('-p', pids.join(',')).length > 0) {
    if (Date.now() > deadline) throw new Error(`processes ${pids.join(', ')}: expected to end with the terminal`);
    await wait(POLL_MILLIS);
  }
}

/** Ids of those that `ps` lists by this choice; those that have ended and that nobody has asked about do not count. */
function runningProcesses(...choice: string[]): string[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,stat=', ...choice], { encoding: 'utf8' });
  const rows = stdout.split('\n').map(row => row.trim().split(/\s+/));
  return rows.flatMap(([pid, state]) => (pid && state && !state.startsWith('Z') ? [pid] : []));
}

/** A line for the shell that runs the built command line. */
export const spanbookLine = (...args: string[]): string =>
  [process.execPath, `${ROOT}dist/bin/spanbook.cjs`, ...args].join(' ');
