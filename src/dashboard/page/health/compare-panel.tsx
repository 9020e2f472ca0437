/** Before and after a moment: what got slower, dearer or worse, and what is only noise. */
import { formatMoney } from '../../../model/format-amount.ts';
import type { Change, ComparedKind, Comparison } from '../../../query/analysis/compare-periods.ts';
import { formatDuration } from '../../../query/format-duration.ts';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { setParameters, usePlace } from '../route/place.ts';
import { percent } from '../ui/amounts.ts';
import { Name } from '../ui/name.tsx';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import { Kind } from '../ui/status.tsx';

const DAY_MILLIS = 86_400_000;
const SHOWN = 30;

export function ComparePanel() {
  const parameters = new URLSearchParams(usePlace().search);
  const week = new Date(Date.now() - 7 * DAY_MILLIS).toISOString().slice(0, 10);
  const at = /^\d{4}-\d{2}-\d{2}$/.test(parameters.get('at') ?? '') ? (parameters.get('at') ?? week) : week;
  const { data, error, isStale } = useAnswer<Comparison>(address('/api/pipeline/compare', { at }));
  return (
    <Panel
      title="Before and after"
      id="compare"
      class={isStale ? 'is-stale' : ''}
      aside={
        <label class="labelled">
          Day of the change
          <input type="date" value={at} onChange={event => setParameters({ at: event.currentTarget.value || null })} />
        </label>
      }
    >
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="the comparison" />}
      {data && <ComparisonTable comparison={data} />}
    </Panel>
  );
}

function ComparisonTable({ comparison: { totals, rows } }: { comparison: Comparison }) {
  if (rows.length === 0) return <Empty>Nothing ran on either side.</Empty>;
  return (
    <>
      <p class="muted table-note">
        {totals.before.runs} runs before, {totals.after.runs} after. Only what chance alone would hardly make is marked.
      </p>
      <div class="table-scroll tall" tabIndex={0} role="region" aria-label="Before and after">
        <table class="data">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Name</th>
              <th scope="col" class="num">
                Runs
              </th>
              <th scope="col" class="num">
                Time, p50
              </th>
              <th scope="col" class="num">
                Cost, p50
              </th>
              <th scope="col" class="num">
                Failed
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map(row => (
              <Row key={`${row.level} ${row.name}`} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const Row = ({ row: { level, name, before, after, duration, cost, failures } }: { row: ComparedKind }) => (
  <tr>
    <td>
      <Kind kind={level} />
    </td>
    <td class="cell-name">
      <Name text={name} />
    </td>
    <td class="num">
      {before.count} → {after.count}
    </td>
    <Cell change={duration} from={before.p50_ms} to={after.p50_ms} format={formatDuration} />
    <Cell change={cost} from={before.p50_cost} to={after.p50_cost} format={formatMoney} />
    <Cell change={failures} from={before.failure_share} to={after.failure_share} format={percent} />
  </tr>
);

interface CellProps {
  change: Change;
  from: number | null;
  to: number | null;
  format: (value: number) => string;
}

const WORDS = { up: '▲ worse', down: '▼ better', noise: '', too_little_data: '' };
const REASONS = {
  up: 'more than noise',
  down: 'more than noise',
  noise: 'no more than noise',
  too_little_data: 'too little data to say',
};

const Cell = ({ change: { verdict }, from, to, format }: CellProps) => (
  <td
    class={`num ${verdict === 'up' ? 'tone-bad' : verdict === 'down' ? 'tone-good' : 'muted'}`}
    title={REASONS[verdict]}
  >
    {from === null ? '—' : format(from)} → {to === null ? '—' : format(to)} {WORDS[verdict]}
    <span class="sr-only"> {REASONS[verdict]}</span>
  </td>
);
