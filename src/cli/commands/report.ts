/** `report`: usage, runs and problems of a time, as a file to hand on. */
import { SpanbookError, systemErrorCode } from '../../errors.ts';
import { usageBudgets, usageRecommendations } from '../../evaluate-usage.ts';
import { listAlerts } from '../../list-alerts.ts';
import type { PipelineDocument } from '../../model/document-schema.ts';
import { ActivityTable } from '../../query/runs/activity-table.ts';
import { type ReportData, reportData } from '../../report/report-data.ts';
import { reportHead } from '../../report/report-head.ts';
import { TABLE_IDS } from '../../report/table-ids.ts';
import { readHistory } from '../../store/read-document.ts';
import { publish, writeTemporary } from '../../store/write-file.ts';
import { type CommandAnswer, type CommandCall, textOption } from '../command-spec.ts';
import { makeReport } from '../make-report.ts';
import { openUsage } from '../open-usage.ts';
import { reportTarget } from '../report-target.ts';
import { sizeText } from '../size-text.ts';
import { filterOf, namesOf, type ZoneOfCall, zoneOf } from '../usage-range.ts';

const DEFAULT_DAYS = 30;
const SHOWN_RUNS = 10;

export async function run(call: CommandCall): Promise<CommandAnswer | null> {
  const target = reportTarget(call);
  const { format, file } = target;
  const zone = await zoneOf(call);
  const everyRun = format === 'csv' || format === 'xlsx';
  const data = await dataOf(call, zone, everyRun ? Number.MAX_SAFE_INTEGER : SHOWN_RUNS);
  const table = TABLE_IDS.find(id => id === textOption(call, 'table')) ?? 'daily';
  const head = reportHead(data, zone.calendar);
  const made = await makeReport(format, data, { head, table, executable: call.context.executable });
  if (file === null) {
    call.context.stdout.write(made);
    return null;
  }
  const bytes = Buffer.from(made);
  replaceFile(file, bytes);
  const { since, until } = data;
  return {
    json: { file, format, bytes: bytes.length, since, until },
    text: () => `${file} (${sizeText(bytes.length)})`,
  };
}

async function dataOf(call: CommandCall, zone: ZoneOfCall, runLimit: number): Promise<ReportData> {
  const { stateDir, say, context } = call;
  const { calendar } = zone;
  const now = context.now();
  const { view, pricing: read } = await openUsage(call);
  const filter = filterOf(call, view, zone);
  const until = filter.until ?? now;
  const since = filter.since ?? calendar.shift('day', Math.min(until, now), 1 - DEFAULT_DAYS);
  const { pricing, table: prices } = read;
  const evaluated = { view, pricing, calendar, now };
  return reportData({
    view,
    activities: activitiesOf(readHistory(stateDir, say)),
    calendar,
    now,
    filter: { ...filter, since },
    names: namesOf(call),
    runLimit,
    alerts: listAlerts({ stateDir, ...evaluated }),
    budgets: usageBudgets(evaluated),
    recommendations: usageRecommendations({ ...evaluated, prices }),
  });
}

function activitiesOf({ events, active_activities }: PipelineDocument): ActivityTable {
  const table = new ActivityTable();
  for (const event of events) table.apply(event);
  for (const active of active_activities) table.applyActive(active);
  return table;
}

/** The old file or the new one, and nobody else may read it: it tells of money and of names. */
function replaceFile(file: string, bytes: Buffer): void {
  try {
    publish(writeTemporary(file, [bytes]), file);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new SpanbookError('NOT_WRITABLE', `--out: expected to write ${file}, got ${code}`, { cause: error });
  }
}
