/** The commands that look for what is slow, dear, failing or changed. */
import { ACTIVITY_LEVELS } from '../model/fact.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { parseCount, parseOneOf } from './option-parsers.ts';
import { parseCountTo, parseTime } from './usage-option-parsers.ts';

const MAX_DAYS = 3660;

const by: OptionSpec = {
  flags: '--by <LEVEL>',
  description: `only one of ${ACTIVITY_LEVELS.join(', ')}`,
  parse: parseOneOf(ACTIVITY_LEVELS),
};
const since: OptionSpec = {
  flags: '--since <T>',
  description: 'only from then on: a date, a time, or an age as 30d',
  parse: parseTime,
};
const until: OptionSpec = {
  flags: '--until <T>',
  description: 'only up to then; a date is meant with its whole day',
  parse: parseTime,
};
const tz: OptionSpec = {
  flags: '--tz <ZONE>',
  description: 'time zone, as Europe/Berlin (default: that of this machine)',
};
const csv: OptionSpec = { flags: '--csv', description: 'print the table as CSV' };

export const ANALYSIS_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['pipeline', 'durations'],
    summary: 'how long commands, agents and skills take, how often they fail, what they cost',
    options: [by, since, until, tz, csv],
    example: 'spanbook pipeline durations --by agent --since 30d',
    load: () => import('./commands/analysis-durations.ts'),
  },
  {
    path: ['pipeline', 'bottlenecks'],
    summary: 'what a run waited for: its critical path (default: the run that ended last)',
    argument: { name: 'ID', description: 'event id; the first letters are enough', isOptional: true },
    options: [
      csv,
      { flags: '--claude-dir <DIR>', description: 'folder of the client (default: CLAUDE_CONFIG_DIR, else ~/.claude)' },
    ],
    example: 'spanbook pipeline bottlenecks evt-5ab1155f414faf7e',
    load: () => import('./commands/analysis-bottlenecks.ts'),
  },
  {
    path: ['pipeline', 'anomalies'],
    summary: 'what was much slower or dearer than usual, or failed where failures are rare',
    options: [
      by,
      since,
      until,
      { flags: '--limit <N>', description: 'only the newest N (for people 20 by default)', parse: parseCount },
      tz,
      csv,
    ],
    example: 'spanbook pipeline anomalies --since 7d',
    load: () => import('./commands/analysis-anomalies.ts'),
  },
  {
    path: ['pipeline', 'compare'],
    summary: 'before and after a time or a commit: durations, cost, failures, and what is more than noise',
    options: [
      { flags: '--at <T>', description: 'the time: a date, a time, or an age as 30d', parse: parseTime },
      { flags: '--commit <SHA>', description: 'the time of this commit of the working folder' },
      { flags: '--days <N>', description: 'only N days to each side', parse: parseCountTo(MAX_DAYS) },
      by,
      tz,
      csv,
    ],
    example: 'spanbook pipeline compare --commit HEAD~1 --days 14',
    load: () => import('./commands/analysis-compare.ts'),
  },
];
