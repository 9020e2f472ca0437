/** Where tokens and money went: over time, by what, and where it leads to. */
import type { UsageReport } from '../../../query/usage/usage-report.ts';
import { loadCharts } from '../chart/chart-box.tsx';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { AlertList, BudgetList } from '../now/now-lists.tsx';
import { usePlace } from '../route/place.ts';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import { shownText } from '../ui/shown-text.ts';
import { MonthPanel } from './month-panel.tsx';
import { OverTimePanel } from './over-time-panel.tsx';
import { TopPanel } from './top-panel.tsx';
import { TrendPanel } from './trend-panel.tsx';
import { UsageBar } from './usage-bar.tsx';
import { usageChoice } from './usage-choice.ts';
import { UsageFigures } from './usage-figures.tsx';

export function UsageView() {
  // The charts are on their way while the data are.
  void loadCharts();
  const choice = usageChoice(usePlace().search);
  const { data, error } = useAnswer<UsageReport>(address('/api/usage/report', { since: choice.range.id }));
  return (
    <main id="main" class="view" tabIndex={-1}>
      <div class="view-head">
        <h1>Usage</h1>
        <UsageBar choice={choice} />
      </div>
      {error && <Failure error={error} />}
      {data ? <UsageFigures report={data} range={choice.range} /> : !error && <Loading what="usage" />}
      <OverTimePanel choice={choice} />
      <div class="halves">
        <TopPanel choice={choice} />
        <TrendPanel choice={choice} />
      </div>
      {data && (
        <div class="halves">
          <MonthPanel month={data.month} />
          <div class="stack">
            <Panel title="Budgets" id="usage-budgets">
              <BudgetList budgets={data.budgets} />
            </Panel>
            <Panel title="Alerts" id="usage-alerts">
              <AlertList alerts={data.alerts.toReversed()} />
            </Panel>
            <Panel title="What would have cost less" id="recommendations">
              <Recommendations report={data} />
            </Panel>
          </div>
        </div>
      )}
    </main>
  );
}

function Recommendations({ report: { recommendations } }: { report: UsageReport }) {
  if (recommendations.length === 0) return <Empty>Nothing stands out.</Empty>;
  return (
    <ul class="notes">
      {recommendations.slice(0, 12).map(({ rule, subject, message }) => (
        <li key={`${rule} ${subject} ${message.slice(0, 200)}`}>
          <span class="note-mark">{shownText(subject, 60) || 'advice'}</span>
          <span class="note-text">{shownText(message, 400)}</span>
        </li>
      ))}
    </ul>
  );
}
