/** The command that makes a report to hand on. */
import { TABLE_IDS } from '../report/table-ids.ts';
import type { CommandSpec } from './command-spec.ts';
import { parseOneOf } from './option-parsers.ts';
import { REPORT_OPTIONS } from './usage-commands.ts';

export const REPORT_FORMATS = ['html', 'pdf', 'csv', 'xlsx', 'md', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const REPORT_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['report'],
    summary: 'a report on usage, runs and problems as a file to hand on',
    options: [
      {
        flags: '--format <F>',
        description: `${REPORT_FORMATS.join(', ')} (default: the ending of --out, else md)`,
        parse: parseOneOf(REPORT_FORMATS),
      },
      { flags: '--out <FILE>', description: 'write it there; - is standard output' },
      {
        flags: '--table <NAME>',
        description: `the table of a csv: ${TABLE_IDS.join(', ')} (default: daily)`,
        parse: parseOneOf(TABLE_IDS),
      },
      ...REPORT_OPTIONS,
    ],
    example: 'spanbook report --since 30d --out report.html',
    load: () => import('./commands/report.ts'),
  },
];
