/** `attribution report`: usage by everything that it is attributed to, and how that is known. */
import { ATTRIBUTIONS, attributionReport } from '../../query/usage/attribution-report.ts';
import { askUsage } from '../ask-usage.ts';
import type { RunCommand } from '../command-spec.ts';
import { renderAttribution } from '../render-attribution.ts';
import { sectionsCsv } from '../usage-csv.ts';

export const run: RunCommand = call =>
  askUsage(call, question => {
    const report = attributionReport(question.view, question.filter);
    return {
      json: report,
      csv: () => sectionsCsv(ATTRIBUTIONS.map(dimension => [dimension, report[`by_${dimension}`]])),
      lines: totals => renderAttribution(question.screen, totals, report),
    };
  });
