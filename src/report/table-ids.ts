/** The tables that may be asked for by name: all that the command line has to know of reports. The first is the default. */
export const TABLE_IDS = [
  'daily',
  'models',
  'stages',
  'commands',
  'agents',
  'skills',
  'projects',
  'sessions',
  'runs',
  'durations',
  'errors',
] as const;
export type TableId = (typeof TABLE_IDS)[number];
