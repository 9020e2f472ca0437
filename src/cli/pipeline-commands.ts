/** The commands that ask what the pipeline did. */
import { ACTIVITY_LEVELS, NOTE_LEVELS } from '../model/fact.ts';
import { EVENT_TYPES } from '../query/event-kinds.ts';
import { ANALYSIS_COMMANDS } from './analysis-commands.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { parseAmount, parseCount, parseOneOf } from './option-parsers.ts';

const LEVELS = [...ACTIVITY_LEVELS, ...NOTE_LEVELS];

const recent: OptionSpec = {
  flags: '--recent <MINUTES>',
  description: 'only the last so many minutes',
  parse: parseAmount,
};
const limit: OptionSpec = { flags: '--limit <N>', description: 'only the last N of them', parse: parseCount };

export const PIPELINE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['pipeline', 'status'],
    summary: 'what the pipeline is doing, and its statistics',
    options: [],
    example: 'spanbook pipeline status --json',
    load: () => import('./commands/status.ts'),
  },
  {
    path: ['pipeline', 'active'],
    summary: 'what is open now, and for how long',
    options: [{ flags: '--follow', description: 'show it until you press Ctrl-C' }],
    example: 'spanbook pipeline active --follow',
    load: () => import('./commands/active.ts'),
  },
  {
    path: ['pipeline', 'events'],
    summary: 'events in the order in which they came',
    options: [
      recent,
      { flags: '--type <TYPE>', description: `one of ${EVENT_TYPES.join(', ')}`, parse: parseOneOf(EVENT_TYPES) },
      { flags: '--level <LEVEL>', description: `one of ${LEVELS.join(', ')}`, parse: parseOneOf(LEVELS) },
      { ...limit, description: 'only the last N of them (for people 50 by default)' },
    ],
    example: 'spanbook pipeline events --recent 60 --level error',
    load: () => import('./commands/events.ts'),
  },
  {
    path: ['pipeline', 'hierarchy'],
    summary: 'the runs as a tree of commands, agents and skills',
    options: [
      { flags: '--event-id <ID>', description: 'only the activity of this event' },
      { flags: '--last <N>', description: 'only the last N runs (for people 10 by default)', parse: parseCount },
      { flags: '--session <ID>', description: 'only the runs of this session; the first letters are enough' },
    ],
    example: 'spanbook pipeline hierarchy --last 3',
    load: () => import('./commands/hierarchy.ts'),
  },
  {
    path: ['pipeline', 'show'],
    summary: 'one activity, and where its content lies',
    argument: { name: 'ID', description: 'event id, as `pipeline events` prints it' },
    options: [],
    example: 'spanbook pipeline show evt-5ab1155f414faf7e',
    load: () => import('./commands/show.ts'),
  },
  {
    path: ['pipeline', 'sessions'],
    summary: 'the sessions that were seen, with title, folder and branch',
    options: [],
    example: 'spanbook pipeline sessions',
    load: () => import('./commands/sessions.ts'),
  },
  {
    path: ['pipeline', 'stats'],
    summary: 'counts over everything that was recorded',
    options: [],
    example: 'spanbook pipeline stats --json',
    load: () => import('./commands/stats.ts'),
  },
  {
    path: ['pipeline', 'summary'],
    summary: 'a report: what ran how often and how long, and what went wrong',
    options: [],
    example: 'spanbook pipeline summary',
    load: () => import('./commands/summary.ts'),
  },
  {
    path: ['pipeline', 'errors'],
    summary: 'errors and warnings',
    options: [recent, { ...limit, description: 'only the last N of each' }],
    example: 'spanbook pipeline errors --recent 60',
    load: () => import('./commands/errors.ts'),
  },
  ...ANALYSIS_COMMANDS,
];
