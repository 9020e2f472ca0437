/** The commands that put the hooks into Claude Code, take them out, and say why nothing shows up. */
import type { CommandSpec, OptionSpec } from './command-spec.ts';

const project: OptionSpec = { flags: '--project <DIR>', description: 'the project (default: this folder)' };
const user: OptionSpec = { flags: '--user', description: 'all your projects, in ~/.claude/settings.json' };
const local: OptionSpec = { flags: '--local', description: 'you alone, in .claude/settings.local.json' };

export const INSTALL_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['init'],
    summary: 'put the hooks into the settings of Claude Code',
    options: [
      project,
      user,
      local,
      { flags: '--otlp', description: 'also have it send what each request used to the monitor, on this machine' },
      { flags: '--dry-run', description: 'say what would be changed, and change nothing' },
    ],
    example: 'spanbook init',
    opensState: false,
    load: () => import('./commands/init.ts'),
  },
  {
    path: ['uninstall'],
    summary: 'take the hooks out of the settings of Claude Code; what was recorded stays',
    options: [project, user, local],
    example: 'spanbook uninstall',
    opensState: false,
    load: () => import('./commands/uninstall.ts'),
  },
  {
    path: ['doctor'],
    summary: 'look for what keeps anything from being recorded, and say how to mend it',
    options: [
      project,
      {
        flags: '--self-test',
        description: 'also record a short session through the built hook, in a folder of its own',
      },
    ],
    example: 'spanbook doctor',
    opensState: false,
    load: () => import('./commands/doctor.ts'),
  },
];
