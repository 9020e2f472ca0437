/** The commands that ask what was used and what it cost. */
import { DIMENSIONS, type Dimension } from '../usage/usage-cube.ts';
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { parseCount, parseOneOf } from './option-parsers.ts';
import { parseDimensions } from './parse-dimensions.ts';
import { parseCountTo, parseTime } from './usage-option-parsers.ts';

const MAX_HOURS = 9000;
const MAX_DAYS = 3660;

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
const names: readonly OptionSpec[] = [
  { flags: '--project <DIR>', description: 'only this project: its folder, or the last part of its path' },
  { flags: '--session <ID>', description: 'only this session; the first letters are enough' },
  { flags: '--model <NAME>', description: 'only models with this in their id or name' },
];
const zone: OptionSpec = {
  flags: '--tz <ZONE>',
  description: 'time zone, as Europe/Berlin (default: that of this machine)',
};
const clientFolder: OptionSpec = {
  flags: '--claude-dir <DIR>',
  description: 'folder of the client (default: CLAUDE_CONFIG_DIR, else ~/.claude)',
};
const common: readonly OptionSpec[] = [
  zone,
  { flags: '--csv', description: 'print the table as CSV' },
  { flags: '--strict', description: 'exit code 1 if any tokens have no price' },
  clientFolder,
];
const filters = [since, until, ...names, ...common];
/** Those of `report`. */
export const REPORT_OPTIONS: readonly OptionSpec[] = [since, until, ...names, zone, clientFolder];
const by: OptionSpec = {
  flags: '--by <X>',
  description: `${DIMENSIONS.join(', ')}, or two with a comma (default: model)`,
  parse: parseDimensions,
};
const split: OptionSpec = {
  flags: '--by <X>',
  description: `split by ${DIMENSIONS.join(', ')}`,
  parse: parseOneOf(DIMENSIONS),
};
const limit: OptionSpec = { flags: '--limit <N>', description: 'only the first N (default: 10)', parse: parseCount };
const days = (count: number): OptionSpec => ({
  flags: '--days <N>',
  description: `the last N days with today (default: ${count})`,
  parse: parseCountTo(MAX_DAYS),
});
const hours: OptionSpec = {
  flags: '--hours <N>',
  description: 'the last N hours with the current one (default: 24)',
  parse: parseCountTo(MAX_HOURS),
};

const top = (verb: string, dimension: Dimension): CommandSpec => ({
  path: ['attribution', verb],
  summary: `the ${dimension}s that used most`,
  options: [limit, ...filters],
  example: `spanbook attribution ${verb} --since 30d`,
  load: async () => ({ run: (await import('./commands/attribution-top.ts')).topOf(dimension) }),
});

export const USAGE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['usage', 'totals'],
    summary: 'all tokens, and what they cost at list prices',
    options: filters,
    example: 'spanbook usage totals --since 30d',
    load: () => import('./commands/usage-totals.ts'),
  },
  {
    path: ['usage', 'breakdown'],
    summary: 'usage by model, stage, command, agent, skill, session, project or branch, or by two of them',
    options: [by, ...filters],
    example: 'spanbook usage breakdown --by agent,model --since 2026-11-01',
    load: () => import('./commands/usage-breakdown.ts'),
  },
  {
    path: ['usage', 'hourly'],
    summary: 'usage of the last hours',
    options: [hours, split, ...names, ...common],
    example: 'spanbook usage hourly --hours 48',
    load: () => import('./commands/usage-hourly.ts'),
  },
  {
    path: ['usage', 'daily'],
    summary: 'usage of the last days',
    options: [days(30), split, ...names, ...common],
    example: 'spanbook usage daily --days 7 --tz Europe/Berlin',
    load: () => import('./commands/usage-daily.ts'),
  },
  {
    path: ['usage', 'top'],
    summary: 'what used most',
    options: [by, limit, ...filters],
    example: 'spanbook usage top --by agent --limit 5',
    load: () => import('./commands/usage-top.ts'),
  },
  {
    path: ['usage', 'trend'],
    summary: 'the cost of each day, and whether it goes up or down',
    options: [days(7), ...names, ...common],
    example: 'spanbook usage trend --days 14',
    load: () => import('./commands/usage-trend.ts'),
  },
  {
    path: ['usage', 'alerts'],
    summary: 'limits and budgets that were crossed',
    options: [since, until, ...common],
    example: 'spanbook usage alerts --since 7d',
    load: () => import('./commands/usage-alerts.ts'),
  },
  {
    path: ['usage', 'report'],
    summary: 'all of it in one report',
    options: filters,
    example: 'spanbook usage report --since 30d',
    load: () => import('./commands/usage-report.ts'),
  },
  {
    path: ['usage', 'reconcile'],
    summary: 'what each source says of the same usage, and why they differ',
    options: [
      { flags: '--result <FILE>', description: 'also compare what claude -p printed as JSON; - is standard input' },
      since,
      { flags: '--session <ID>', description: 'only this session; the first letters are enough' },
      { flags: '--csv', description: 'print sources and differences as CSV' },
      { flags: '--strict', description: 'exit code 1 if a difference has no known cause' },
      { flags: '--claude-dir <DIR>', description: 'folder of the client (default: CLAUDE_CONFIG_DIR, else ~/.claude)' },
    ],
    example: 'spanbook usage reconcile --result result.json',
    load: () => import('./commands/usage-reconcile.ts'),
  },
  {
    path: ['attribution', 'report'],
    summary: 'usage by all that it belongs to, and how that is known',
    options: filters,
    example: 'spanbook attribution report --since 30d',
    load: () => import('./commands/attribution-report.ts'),
  },
  top('top-models', 'model'),
  top('top-stages', 'stage'),
  top('top-commands', 'command'),
  top('top-agents', 'agent'),
  top('top-skills', 'skill'),
];
