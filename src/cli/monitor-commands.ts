/** The commands of the monitor, and the status line that tells it the limits of the plan. */
import type { CommandSpec } from './command-spec.ts';
import { parseCount } from './option-parsers.ts';

export const MONITOR_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['monitor', 'start'],
    summary: 'start the monitor of the state folder, unless it runs',
    options: [],
    example: 'spanbook monitor start',
    load: () => import('./commands/monitor-start.ts'),
  },
  {
    path: ['monitor', 'stop'],
    summary: 'stop it',
    options: [],
    example: 'spanbook monitor stop',
    opensState: false,
    load: () => import('./commands/monitor-stop.ts'),
  },
  {
    path: ['monitor', 'status'],
    summary: 'whether it runs, and what was last heard of usage, hooks and limits',
    options: [],
    example: 'spanbook monitor status --json',
    load: () => import('./commands/monitor-status.ts'),
  },
  {
    path: ['monitor', 'run'],
    summary: 'be the monitor, in the foreground, for systemd and launchd',
    options: [],
    example: 'spanbook monitor run --state-dir ~/.local/state/spanbook',
    load: () => import('./commands/monitor-run.ts'),
  },
  {
    path: ['statusline'],
    summary: 'print a line for the terminal of Claude Code, and note the limits that it tells',
    options: [
      { flags: '--width <N>', description: 'columns that there are (default: COLUMNS, else 80)', parse: parseCount },
    ],
    example: 'echo \'{"model":{"display_name":"Opus"}}\' | spanbook statusline',
    opensState: false,
    load: () => import('./commands/statusline.ts'),
  },
];
