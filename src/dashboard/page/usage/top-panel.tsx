/** What used most. */
import { formatCount, formatMoney, formatShort } from '../../../model/format-amount.ts';
import { allTokens } from '../../../query/all-tokens.ts';
import type { Breakdown, BreakdownRow } from '../../../query/usage/usage-breakdown.ts';
import { ChartBox } from '../chart/chart-box.tsx';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { percent } from '../ui/amounts.ts';
import { Name } from '../ui/name.tsx';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import type { UsageChoice } from './usage-choice.ts';

const SHOWN = 100;
const BAR = 28;

export function TopPanel({ choice: { range, by, measure } }: { choice: UsageChoice }) {
  const { data, error, isStale } = useAnswer<Breakdown>(address('/api/usage/breakdown', { by, since: range.id }));
  const rows = (data?.rows ?? []).filter(({ requests }) => requests > 0);
  const query = { by, measure, limit: 8 };
  return (
    <Panel title={`Most by ${by}`} id="top" class={isStale ? 'is-stale' : ''}>
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="the consumers" />}
      {data && rows.length === 0 && <Empty>Nothing was used in this time.</Empty>}
      {rows.length > 0 && (
        <ChartBox
          title={`usage by ${by}`}
          height={Math.min(8, rows.length) * BAR + 50}
          of={[rows.length, data, measure, by]}
          option={(charts, look) => charts.topConsumersChart(rows, { ...look, ...query })}
          table={<TopTable rows={rows} />}
        />
      )}
    </Panel>
  );
}

const TopTable = ({ rows }: { rows: readonly BreakdownRow[] }) => (
  <table class="data">
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col" class="num">
          Cost
        </th>
        <th scope="col" class="num">
          Share
        </th>
        <th scope="col" class="num">
          Tokens
        </th>
        <th scope="col" class="num">
          Requests
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.slice(0, SHOWN).map(row => (
        <tr key={String(row.key)}>
          <td class="cell-name">
            <Name text={row.model_name ?? row.key ?? 'unattributed'} />
          </td>
          <td class="num">{formatMoney(row.cost)}</td>
          <td class="num">{percent(row.share)}</td>
          <td class="num">{formatShort(allTokens(row))}</td>
          <td class="num">{formatCount(row.requests)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
