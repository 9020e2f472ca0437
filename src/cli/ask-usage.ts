/** What all commands about usage have in common: zone, filter, data, `--csv`, `--strict`, and words for no usage. */
import { SpanbookError } from '../errors.ts';
import { formatCount } from '../model/format-amount.ts';
import { type CsvTable, csvText } from '../query/csv-text.ts';
import { safeText } from '../query/safe-text.ts';
import type { UsageFilter } from '../query/usage/select-rows.ts';
import { type UsageTotals, usageTotals } from '../query/usage/usage-totals.ts';
import type { Calendar } from '../usage/calendar.ts';
import type { CommandAnswer, CommandCall } from './command-spec.ts';
import { type OpenedUsage, type OpenOptions, openUsage } from './open-usage.ts';
import { filterOf, namesOf, zoneOf } from './usage-range.ts';
import type { UsageScreen } from './usage-screen.ts';

export interface UsageQuestion extends OpenedUsage {
  call: CommandCall;
  screen: UsageScreen;
  calendar: Calendar;
  filter: UsageFilter;
  /** Milliseconds since 1970. */
  now: number;
}

export interface UsageReply {
  json: object;
  csv(): CsvTable;
  /** For people; asked for only if there is usage in the scope. */
  lines(totals: UsageTotals): string[];
  /** The sum of what the reply is about, if it is known already. */
  totals?: UsageTotals;
  /** What the reply is about, if not the filter of the call. */
  scope?: UsageFilter;
  /** True: `lines` has words for no usage. */
  speaksOfNothing?: boolean;
}

/** Opens what was used, has it answered, and gives the answer in the form that the call asks for. */
export async function askUsage(
  call: CommandCall,
  reply: (question: UsageQuestion) => UsageReply,
  opening: OpenOptions = {},
): Promise<CommandAnswer> {
  const { options, json, say } = call;
  if (json && options.csv === true) throw new SpanbookError('USAGE', '--csv: expected no --json beside it, got both');
  const zone = await zoneOf(call);
  const opened = await openUsage(call, opening);
  const filter = filterOf(call, opened.view, zone);
  const screen = {
    style: call.style,
    view: opened.view,
    ...zone,
    stateDir: call.stateDir,
    home: call.context.env.HOME,
    names: namesOf(call),
  };
  const question = { ...opened, call, screen, calendar: zone.calendar, filter, now: call.context.now() };
  sayWhatFitsNothing(question);
  const answered = reply(question);
  let summed = answered.totals;
  const sum = (): UsageTotals => {
    summed ??= usageTotals(opened.view, answered.scope ?? filter);
    return summed;
  };
  const unpriced = options.strict === true ? sum().totals.unpriced_tokens : 0;
  if (unpriced > 0) say(`--strict: ${formatCount(unpriced)} tokens have no price`);
  const text = (): string => {
    if (options.csv === true) return csvText(answered.csv());
    const totals = sum();
    const isSilent = totals.totals.requests === 0 && !answered.speaksOfNothing;
    return (isSilent ? nothingLines(question) : answered.lines(totals)).join('\n');
  };
  return { json: answered.json, text, failed: unpriced > 0 };
}

/** A name that was mistyped must not pass for one that cost nothing. */
function sayWhatFitsNothing({ view, call, filter, screen }: UsageQuestion): void {
  for (const dimension of ['project', 'session', 'model'] as const) {
    const fits = filter.only?.[dimension];
    if (!fits || view.cube.size === 0) continue;
    if (!view.cube.names[dimension].some((name, code) => code > 0 && fits(name)))
      call.say(`--${dimension}: no usage is recorded of "${screen.names[dimension]}"`);
  }
}

function nothingLines({ view, claudeDirs, calendar }: UsageQuestion): string[] {
  const { totals, first_at, last_at } = usageTotals(view);
  if (totals.requests > 0 && first_at !== null && last_at !== null) {
    const dayOf = (at: string, before = 0): string => calendar.label('day', Date.parse(at) - before);
    return [
      'No usage in what you asked for.',
      `Usage is recorded from ${dayOf(first_at)} to ${dayOf(last_at, 1)}: spanbook usage totals`,
    ];
  }
  const folders = claudeDirs.map(folder => `${safeText(folder)}/projects`).join(', ');
  return [
    'No usage is recorded yet.',
    '',
    'It is read from the transcripts of Claude Code, and there are none with a billed',
    `request in ${folders}.`,
    'Run Claude Code once, or name its folder with --claude-dir DIR.',
  ];
}
