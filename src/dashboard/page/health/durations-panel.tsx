/** How long commands, agents and skills take, and how often they fail; one of them day by day. */
import { useState } from 'preact/hooks';
import { formatCount, formatMoney } from '../../../model/format-amount.ts';
import type { ActivityDurations } from '../../../query/analysis/activity-durations.ts';
import { formatDuration } from '../../../query/format-duration.ts';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { setParameters, usePlace } from '../route/place.ts';
import { percent } from '../ui/amounts.ts';
import { Name } from '../ui/name.tsx';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import { Kind } from '../ui/status.tsx';
import { DurationChart } from './duration-chart.tsx';
import { type Sorting, type SortValue, sortRows } from './sort-rows.ts';

export interface DurationsAnswer {
  rows: ActivityDurations[];
}

type Column =
  | 'level'
  | 'name'
  | 'count'
  | 'p50_ms'
  | 'p95_ms'
  | 'longest_ms'
  | 'failure_share'
  | 'p50_cost'
  | 'total_cost';

const COLUMNS: readonly { id: Column; name: string; isText?: boolean; show: (row: ActivityDurations) => string }[] = [
  { id: 'count', name: 'Runs', show: row => formatCount(row.count) },
  { id: 'p50_ms', name: 'p50', show: row => durationText(row.p50_ms) },
  { id: 'p95_ms', name: 'p95', show: row => durationText(row.p95_ms) },
  { id: 'longest_ms', name: 'Longest', show: row => durationText(row.longest_ms) },
  { id: 'failure_share', name: 'Failed', show: row => percent(row.failure_share) },
  { id: 'p50_cost', name: 'Cost p50', show: row => (row.p50_cost === null ? '—' : formatMoney(row.p50_cost)) },
  { id: 'total_cost', name: 'Cost', show: row => formatMoney(row.total_cost) },
];

const durationText = (millis: number | null): string => (millis === null ? '—' : formatDuration(millis));
const sortValue = (row: ActivityDurations, column: Column): SortValue => row[column];
const keyOf = ({ level, name }: ActivityDurations): string => `${level} ${name}`;
const SHOWN = 100;
const FAILS_OFTEN = 0.1;

export function DurationsPanel() {
  const parameters = new URLSearchParams(usePlace().search);
  const { data, error } = useAnswer<DurationsAnswer>(address('/api/pipeline/durations', { since: '30d' }));
  const [sorting, setSorting] = useState<Sorting<Column>>({ column: 'count', ascending: false });
  const rows = sortRows(data?.rows ?? [], sorting, sortValue);
  const selected = rows.find(row => keyOf(row) === parameters.get('of')) ?? rows[0] ?? null;
  const sort = (column: Column): void =>
    setSorting(old => ({ column, ascending: old.column === column ? !old.ascending : column === 'name' }));
  return (
    <Panel title="Durations and failures" id="durations" aside={<span class="muted">last 30 days</span>}>
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="durations" />}
      {data && rows.length === 0 && <Empty>Nothing has run in this time.</Empty>}
      {selected && (
        <>
          <div class="table-scroll tall" tabIndex={0} role="region" aria-label="Durations">
            <table class="data">
              <thead>
                <tr>
                  <Heading id="level" name="Kind" sorting={sorting} onSort={sort} />
                  <Heading id="name" name="Name" sorting={sorting} onSort={sort} />
                  {COLUMNS.map(({ id, name }) => (
                    <Heading key={id} id={id} name={name} isNumber sorting={sorting} onSort={sort} />
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, SHOWN).map(row => (
                  <tr key={keyOf(row)} class={row === selected ? 'is-selected' : ''}>
                    <td>
                      <Kind kind={row.level} />
                    </td>
                    <td class="cell-name">
                      <button
                        type="button"
                        class="link"
                        aria-pressed={row === selected}
                        onClick={() => setParameters({ of: keyOf(row) })}
                      >
                        <Name text={row.name} />
                      </button>
                    </td>
                    {COLUMNS.map(({ id, show }) => (
                      <td
                        key={id}
                        class={`num ${id === 'failure_share' && (row.failure_share ?? 0) > FAILS_OFTEN ? 'tone-bad' : ''}`}
                      >
                        {show(row)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <DurationChart of={selected} />
        </>
      )}
    </Panel>
  );
}

interface HeadingProps {
  id: Column;
  name: string;
  isNumber?: boolean;
  sorting: Sorting<Column>;
  onSort: (column: Column) => void;
}

function Heading({ id, name, isNumber = false, sorting, onSort }: HeadingProps) {
  const isSorted = sorting.column === id;
  const sort = isSorted ? (sorting.ascending ? 'ascending' : 'descending') : undefined;
  return (
    <th scope="col" class={isNumber ? 'num' : ''} aria-sort={sort}>
      <button type="button" class="sort" onClick={() => onSort(id)}>
        {name}
        <span aria-hidden="true">{isSorted ? (sorting.ascending ? ' ↑' : ' ↓') : ''}</span>
      </button>
    </th>
  );
}
