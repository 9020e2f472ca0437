/** One command, agent or skill, day by day. */
import type { ActivityDurations } from '../../../query/analysis/activity-durations.ts';
import { formatDuration } from '../../../query/format-duration.ts';
import { ChartBox } from '../chart/chart-box.tsx';
import { percent } from '../ui/amounts.ts';
import { shownText } from '../ui/shown-text.ts';

const text = (millis: number | null): string => (millis === null ? '—' : formatDuration(millis));

export const DurationChart = ({ of: row }: { of: ActivityDurations }) => (
  <>
    <h3 class="chart-title">
      {shownText(row.name, 80)} <span class="muted">day by day</span>
    </h3>
    <ChartBox
      title={`durations of ${shownText(row.name, 80)}`}
      height={220}
      of={[row]}
      option={(charts, look) => charts.durationsChart(row.periods, look)}
      table={
        <table class="data">
          <thead>
            <tr>
              <th scope="col">Day</th>
              {['Runs', 'p50', 'p95', 'Failed'].map(name => (
                <th key={name} scope="col" class="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {row.periods.map(({ label, count, p50_ms, p95_ms, failure_share }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td class="num">{count}</td>
                <td class="num">{text(p50_ms)}</td>
                <td class="num">{text(p95_ms)}</td>
                <td class="num">{percent(failure_share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  </>
);
