/** All runs: searched, filtered, sorted, ten thousand of them as easily as ten. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../../model/format-amount.ts';
import type { FacetsAnswer } from '../../answers.ts';
import { useAnswer } from '../net/use-answer.ts';
import { goTo, usePlace } from '../route/place.ts';
import {
  filterCount,
  filterQuery,
  filterSearch,
  filtersOf,
  NO_FILTERS,
  type RunFilters,
} from '../route/run-filters.ts';
import { Failure } from '../ui/panel.tsx';
import { FilterBar } from './filter-bar.tsx';
import { RunsTable } from './runs-table.tsx';
import { useRunPages } from './use-run-pages.ts';

const TYPING_MILLIS = 150;

export function RunsView() {
  const { search } = usePlace();
  const filters = filtersOf(search);
  const [range, setRange] = useState({ first: 0, end: 40 });
  const pages = useRunPages(filterQuery(filters), range);
  const { data: facets } = useAnswer<FacetsAnswer>('/api/facets');
  const change = (changes: Partial<RunFilters>): void => {
    const text = filterSearch({ ...filters, ...changes });
    goTo(text === '' ? '/runs' : `/runs?${text}`, { replace: true });
  };
  const { answer, error } = pages;
  return (
    <main id="main" class="view view-runs" tabIndex={-1}>
      <div class="runs-head">
        <h1>Runs</h1>
        <SearchBox value={filters.search} onSearch={text => change({ search: text })} />
        <p class="muted runs-count" role="status">
          {answer && countText(answer.matching, answer.total)}
          {answer && !answer.is_whole && `, reading history (${formatCount(answer.total_commands)} commands recorded)…`}
        </p>
      </div>
      <FilterBar
        filters={filters}
        facets={facets}
        count={filterCount(filters)}
        onChange={change}
        onClear={() => change({ ...NO_FILTERS, order: filters.order, ascending: filters.ascending })}
      />
      {error && <Failure error={error} />}
      <RunsTable pages={pages} filters={filters} onRange={setRange} onChange={change} />
    </main>
  );
}

const countText = (matching: number, total: number): string =>
  matching === total
    ? `${formatCount(total)} ${total === 1 ? 'run' : 'runs'}`
    : `${formatCount(matching)} of ${formatCount(total)} runs`;

function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => setText(value), [value]);
  const type = (next: string): void => {
    setText(next);
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(next), TYPING_MILLIS);
  };
  return (
    <input
      type="search"
      class="search"
      aria-label="Search runs"
      placeholder="Search name, session, stage…  ( / )"
      value={text}
      onInput={event => type(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Escape') event.currentTarget.blur();
        if (event.key === 'ArrowDown' || event.key === 'Enter') document.getElementById('runs-scroller')?.focus();
      }}
    />
  );
}
