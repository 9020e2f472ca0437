/** By hour or day, stacked by what it belongs to. */
import { useMemo } from 'preact/hooks';
import { measureText } from '../../../charts/axis-text.ts';
import { distinctTexts } from '../../../charts/chart-text.ts';
import type { UsagePeriods } from '../../../query/usage/usage-periods.ts';
import type { UsageSeries, UsageSeriesRow } from '../../../query/usage/usage-series.ts';
import { ChartBox } from '../chart/chart-box.tsx';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import type { UsageChoice } from './usage-choice.ts';

type PeriodsAnswer = UsagePeriods & Pick<UsageSeries, 'by' | 'others'> & { series: UsageSeriesRow[] };

export function OverTimePanel({ choice }: { choice: UsageChoice }) {
  const { range, by, measure, unit } = choice;
  const query = unit === 'hour' ? { hours: range.days * 24, by } : { days: range.days, by };
  const { data, error, isStale } = useAnswer<PeriodsAnswer>(
    address(unit === 'hour' ? '/api/usage/hourly' : '/api/usage/daily', query),
  );
  const series = useMemo(() => data && seriesOf(data, unit), [data]);
  const isEmpty = series?.series.length === 0;
  return (
    <Panel title={`By ${unit} and ${by}`} id="over-time" class={isStale ? 'is-stale' : ''}>
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="the chart" />}
      {isEmpty && <Empty>Nothing was used in this time.</Empty>}
      {series && !isEmpty && (
        <ChartBox
          title="usage over time"
          height={290}
          of={[series, measure]}
          option={(charts, look) => charts.usageOverTimeChart(series, { ...look, measure })}
          table={<SeriesTable series={series} measure={measure} />}
        />
      )}
    </Panel>
  );
}

/** In the answer the times stand with the sums. */
const seriesOf = ({ rows, by, series, others }: PeriodsAnswer, unit: UsageSeries['unit']): UsageSeries => ({
  by,
  unit,
  starts: rows.map(({ start }) => start),
  labels: rows.map(({ label }) => label),
  series,
  others,
});

function SeriesTable({
  series: { labels, series, others },
  measure,
}: {
  series: UsageSeries;
  measure: UsageChoice['measure'];
}) {
  const names = distinctTexts(
    series.map(({ key, model_name }) => model_name ?? key ?? 'unattributed'),
    28,
  );
  const columns = [...series.map(row => row[measure]), ...(others ? [others[measure]] : [])];
  return (
    <table class="data">
      <thead>
        <tr>
          <th scope="col">Time</th>
          {[...names, ...(others ? [`${others.count} others`] : [])].map(name => (
            <th key={name} scope="col" class="num">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((label, index) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {columns.map((values, at) => (
              <td key={names[at] ?? 'others'} class="num">
                {measureText(measure, values[index] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
