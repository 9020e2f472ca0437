/** The month so far, and the band in which it will end. */
import { formatMoney } from '../../../model/format-amount.ts';
import type { MonthForecast } from '../../../query/usage/month-forecast.ts';
import type { UsagePeriods } from '../../../query/usage/usage-periods.ts';
import { ChartBox } from '../chart/chart-box.tsx';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { Failure, Loading, Panel } from '../ui/panel.tsx';
import { monthDays } from './month-days.ts';

export function MonthPanel({ month }: { month: MonthForecast }) {
  const { data, error } = useAnswer<UsagePeriods>(address('/api/usage/daily', { days: 31 }));
  const chart = data && { month, ...monthDays(data.rows, month) };
  const { forecast, used } = month;
  return (
    <Panel
      title="This month"
      id="month"
      aside={
        <span class="muted">
          {formatMoney(used)} so far
          {forecast && `, likely ${formatMoney(forecast.expected)} at its end`}
        </span>
      }
    >
      {error && <Failure error={error} />}
      {!chart && !error && <Loading what="the month" />}
      {chart && (
        <ChartBox
          title="the month and its forecast"
          height={300}
          of={[data, month]}
          option={(charts, look) => charts.monthForecastChart(chart, look)}
          table={
            <table class="data">
              <thead>
                <tr>
                  <th scope="col">Day</th>
                  <th scope="col" class="num">
                    Cost
                  </th>
                </tr>
              </thead>
              <tbody>
                {chart.days.map(({ label, cost }) => (
                  <tr key={label}>
                    <th scope="row">{label}</th>
                    <td class="num">{formatMoney(cost)}</td>
                  </tr>
                ))}
                {forecast && (
                  <tr>
                    <th scope="row">At the end of the month</th>
                    <td class="num">
                      {formatMoney(forecast.expected)}, in eight of ten cases {formatMoney(forecast.low)} to{' '}
                      {formatMoney(forecast.high)}
                    </td>
                  </tr>
                )}
              </tbody>
            </table>
          }
        />
      )}
      {!forecast && <p class="muted table-note">A forecast needs three whole days of history.</p>}
    </Panel>
  );
}
