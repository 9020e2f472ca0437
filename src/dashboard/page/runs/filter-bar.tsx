/** What runs can be filtered by. On narrow screens it is folded away. */
import { useState } from 'preact/hooks';
import type { Facet, FacetsAnswer } from '../../answers.ts';
import type { RunFilters } from '../route/run-filters.ts';
import { shownText } from '../ui/shown-text.ts';

interface FilterBarProps {
  filters: RunFilters;
  facets: FacetsAnswer | null;
  count: number;
  onChange: (changes: Partial<RunFilters>) => void;
  onClear: () => void;
}

const TIMES = [
  ['', 'Any time'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const;

export function FilterBar({ filters, facets, count, onChange, onClear }: FilterBarProps) {
  const [isOpen, setOpen] = useState(false);
  const models = (facets?.models ?? []).map(name => ({ name, runs: -1 }));
  const times: (readonly [string, string])[] = TIMES.some(([value]) => value === filters.since)
    ? [...TIMES]
    : [...TIMES, [filters.since, `Since ${filters.since}`]];
  const select = (name: 'status' | 'stage' | 'command' | 'agent' | 'skill' | 'model', all: string, of: Facet[]) => (
    <Select name={name} all={all} options={of} value={filters[name]} onChange={value => onChange({ [name]: value })} />
  );
  return (
    <section class={`filters ${isOpen ? 'is-open' : ''}`} aria-label="Filters">
      <button type="button" class="filters-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters{count > 0 && ` (${count})`}
      </button>
      <div class="filters-body">
        {select('status', 'Any status', facets?.statuses ?? [])}
        {select('command', 'Any command', facets?.commands ?? [])}
        {select('agent', 'Any agent', facets?.agents ?? [])}
        {select('skill', 'Any skill', facets?.skills ?? [])}
        {select('stage', 'Any stage', facets?.stages ?? [])}
        {select('model', 'Any model', models)}
        <select
          aria-label="Time"
          class={filters.since ? 'is-set' : ''}
          value={filters.since}
          onChange={event => onChange({ since: event.currentTarget.value })}
        >
          {times.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <NumberBox
          label="Least cost in dollars"
          hint="min $"
          value={filters.min_cost}
          onSet={min_cost => onChange({ min_cost })}
        />
        <NumberBox
          label="Most cost in dollars"
          hint="max $"
          value={filters.max_cost}
          onSet={max_cost => onChange({ max_cost })}
        />
        <NumberBox
          label="Longer than, in seconds"
          hint="min s"
          value={filters.min_seconds}
          onSet={min_seconds => onChange({ min_seconds })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={filters.problems}
            onChange={event => onChange({ problems: event.currentTarget.checked })}
          />
          With problems
        </label>
        {filters.session !== '' && (
          <button type="button" class="chip" onClick={() => onChange({ session: '' })}>
            Session {shownText(filters.session, 8)} <span aria-hidden="true">×</span>
            <span class="sr-only">remove</span>
          </button>
        )}
        {count > 0 && (
          <button type="button" class="quiet" onClick={onClear}>
            Clear filters
          </button>
        )}
      </div>
    </section>
  );
}

interface SelectProps {
  name: string;
  all: string;
  options: readonly Facet[];
  value: string;
  onChange: (value: string) => void;
}

const MAX_OPTIONS = 200;

function Select({ name, all, options, value, onChange }: SelectProps) {
  const some = options.slice(0, MAX_OPTIONS);
  const shown =
    value === '' || some.some(option => option.name === value) ? some : [{ name: value, runs: -1 }, ...some];
  return (
    <select
      aria-label={name}
      class={value ? 'is-set' : ''}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    >
      <option value="">{all}</option>
      {shown.map(option => (
        <option key={option.name} value={option.name}>
          {shownText(option.name, 60)}
          {option.runs >= 0 && ` (${option.runs})`}
        </option>
      ))}
    </select>
  );
}

interface NumberBoxProps {
  label: string;
  hint: string;
  value: string;
  onSet: (value: string) => void;
}

const NumberBox = ({ label, hint, value, onSet }: NumberBoxProps) => (
  <input
    type="number"
    class={`number ${value ? 'is-set' : ''}`}
    min="0"
    step="any"
    inputMode="decimal"
    aria-label={label}
    title={label}
    placeholder={hint}
    value={value}
    onChange={event => onSet(event.currentTarget.value)}
  />
);
