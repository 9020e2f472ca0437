/** Whether a day costs more than the one before. */
import { formatMoney } from '../../../model/format-amount.ts';
import type { CostTrend } from '../../../query/usage/cost-trend.ts';
import { ChartBox } from '../chart/chart-box.tsx';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { Failure, Loading, Panel } from '../ui/panel.tsx';
import type { UsageChoice } from './usage-choice.ts';

const MIN_DAYS = 7;

export function TrendPanel({ choice: { range } }: { choice: UsageChoice }) {
  const { data, error } = useAnswer<CostTrend>(address('/api/usage/trend', { days: Math.max(MIN_DAYS, range.days) }));
  return (
    <Panel title="Trend" id="trend" aside={data && <span class="muted">{trendText(data)}</span>}>
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="the trend" />}
      {data && (
        <ChartBox
          title="cost of each day"
          height={270}
          of={[data]}
          option={(charts, look) => charts.costTrendChart(data, look)}
          table={<TrendTable trend={data} />}
        />
      )}
    </Panel>
  );
}

function trendText({ direction, slope_per_day, average_per_day }: CostTrend): string {
  const day = `${formatMoney(average_per_day)} a day`;
  if (direction === 'flat') return `flat, ${day}`;
  return `${direction} by ${formatMoney(Math.abs(slope_per_day))} a day, ${day} on average`;
}

const TrendTable = ({ trend }: { trend: CostTrend }) => (
  <table class="data">
    <thead>
      <tr>
        <th scope="col">Day</th>
        <th scope="col" class="num">
          Cost
        </th>
        <th scope="col" class="num">
          Requests
        </th>
      </tr>
    </thead>
    <tbody>
      {trend.points.map(({ label, cost, requests }) => (
        <tr key={label}>
          <th scope="row">{label}</th>
          <td class="num">{formatMoney(cost)}</td>
          <td class="num">{requests}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
