/** The whole report about usage for people. */
import { formatMoney } from '../model/format-amount.ts';
import { safeText } from '../query/safe-text.ts';
import { REPORT_DIMENSIONS, type UsageReport } from '../query/usage/usage-report.ts';
import type { BudgetRow } from '../usage/budget-row.ts';
import { rangeText } from './range-text.ts';
import { renderAlerts } from './render-alerts.ts';
import { breakdownTable } from './render-breakdown.ts';
import { periodsTable } from './render-periods.ts';
import { renderRow } from './render-row.ts';
import { totalsTable } from './render-totals.ts';
import { trendLine } from './render-trend.ts';
import { type Color, paint, type Style } from './style.ts';
import { formatShare } from './usage-cells.ts';
import { unknownName } from './usage-keys.ts';
import { DIMENSION_TITLES } from './usage-names.ts';
import { usageNotes } from './usage-notes.ts';
import type { UsageScreen } from './usage-screen.ts';
import { wrapText } from './wrap-text.ts';

const MAX_ROWS = 8;
const MAX_ALERTS = 3;

/** Lines for the style's width. */
export function renderUsageReport(screen: UsageScreen, report: UsageReport): string[] {
  const { style, view, calendar, stateDir } = screen;
  const title = (text: string): string[] => ['', paint(style, 'bold', text), ''];
  const all = REPORT_DIMENSIONS.flatMap(dimension => report[`by_${dimension}`]);
  return [
    renderRow(style, [{ text: 'Usage report', color: 'bold' }, { text: `, ${rangeText(screen, report)}` }]),
    '',
    ...totalsTable(screen, report),
    ...REPORT_DIMENSIONS.flatMap(dimension => section(screen, report, dimension)),
    ...title('The last 7 days'),
    ...periodsTable(screen, { unit: 'day', rows: report.daily, total: undefined }),
    '',
    trendLine(style, report.trend),
    ...outlookLines(style, report),
    ...(report.alerts.length > 0
      ? [
          ...title(`Alerts (${report.alerts.length})`),
          ...renderAlerts(style, report.alerts.slice(-MAX_ALERTS), calendar),
        ]
      : []),
    '',
    ...usageNotes(style, { view, totals: report, stateDir, rows: all }),
  ];
}

type ReportDimension = (typeof REPORT_DIMENSIONS)[number];

function section(screen: UsageScreen, report: UsageReport, dimension: ReportDimension): string[] {
  const rows = report[`by_${dimension}`].filter(row => row.requests > 0);
  if (rows.every(row => row.key === null)) {
    const text = `${DIMENSION_TITLES[dimension]}: ${unknownName(dimension)} throughout`;
    return ['', renderRow(screen.style, [{ text, color: 'dim' }])];
  }
  return ['', ...breakdownTable(screen, { by: [dimension], rows, limit: MAX_ROWS })];
}

/** What the month and the budgets will come to, and what would save money. */
function outlookLines(style: Style, { month, budgets, recommendations }: UsageReport): string[] {
  const lines = [
    renderRow(style, [{ text: `This month ${formatMoney(month.used)} so far${forecastText(month.forecast)}` }]),
    ...budgets.map(budget => budgetLine(style, budget)),
  ];
  const advice = recommendations.flatMap(({ message }) => {
    const [first, ...others] = wrapText(safeText(message), style.columns - 2);
    return [`${style.marks.arrow} ${first}`, ...others.map(line => `  ${line}`)];
  });
  return [...lines, ...(advice.length > 0 ? ['', paint(style, 'bold', 'What would save money'), ...advice] : [])];
}

const BUDGET_COLORS: Readonly<Record<BudgetRow['level'], Color | undefined>> = {
  ok: undefined,
  warning: 'yellow',
  critical: 'red',
};

function budgetLine(style: Style, { name, used, limit, share, level, forecast }: BudgetRow): string {
  const text = `${safeText(name)}: ${formatMoney(used)} of ${formatMoney(limit)} (${formatShare(share)})`;
  return renderRow(style, [{ text, color: BUDGET_COLORS[level] }, { text: forecastText(forecast) }]);
}

const forecastText = (forecast: BudgetRow['forecast']): string =>
  forecast === null
    ? ''
    : `, likely ${formatMoney(forecast.expected)} at its end (${formatMoney(forecast.low)} to ${formatMoney(forecast.high)})`;
