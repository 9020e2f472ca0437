/** `usage report`: everything about usage. */
import { usageBudgets, usageRecommendations } from '../../evaluate-usage.ts';
import { listAlerts } from '../../list-alerts.ts';
import { REPORT_DIMENSIONS, usageReport } from '../../query/usage/usage-report.ts';
import { askUsage } from '../ask-usage.ts';
import type { RunCommand } from '../command-spec.ts';
import { renderUsageReport } from '../render-usage-report.ts';
import { sectionsCsv } from '../usage-csv.ts';

export const run: RunCommand = call =>
  askUsage(call, question => {
    const { view, calendar, now, filter } = question;
    const { pricing, table: prices } = question.pricing;
    const evaluated = { view, pricing, calendar, now };
    const report = usageReport(view, {
      calendar,
      now,
      filter,
      alerts: listAlerts({ stateDir: call.stateDir, ...evaluated }),
      budgets: usageBudgets(evaluated),
      recommendations: usageRecommendations({ ...evaluated, prices }),
    });
    return {
      json: report,
      csv: () => sectionsCsv(REPORT_DIMENSIONS.map(dimension => [dimension, report[`by_${dimension}`]])),
      lines: () => renderUsageReport(question.screen, report),
    };
  });
