/** The commands that serve: the page for people, tools for agents. */
import type { CommandSpec } from './command-spec.ts';
import { parsePort } from './option-parsers.ts';

export const DASHBOARD_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['dashboard'],
    summary: 'a page that shows what runs, what ran, and what it cost',
    options: [
      {
        flags: '--port <N>',
        description: 'port on 127.0.0.1; 0: any that is free (default: the first free one from 4747 on)',
        parse: parsePort,
      },
      { flags: '--no-open', description: 'print the address, and open no browser' },
      { flags: '--claude-dir <DIR>', description: 'folder of the client (default: CLAUDE_CONFIG_DIR, else ~/.claude)' },
    ],
    example: 'spanbook dashboard',
    load: () => import('./commands/dashboard.ts'),
  },
  {
    path: ['mcp'],
    summary: 'tools for an agent that asks what it does and what it cost (Model Context Protocol, on standard input)',
    options: [],
    example: 'claude mcp add spanbook -- npx spanbook mcp',
    load: () => import('./commands/mcp.ts'),
  },
];
