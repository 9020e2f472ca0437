/** Range, dimension, measure and unit: buttons and a select that write into the address. */
import { setParameters } from '../route/place.ts';
import { RANGES } from '../route/time-range.ts';
import { BY, canShowHours, MEASURES, type UsageChoice } from './usage-choice.ts';

export function UsageBar({ choice }: { choice: UsageChoice }) {
  const { range, by, measure, unit } = choice;
  return (
    <div class="choices">
      <Choice
        label="Range"
        value={range.id}
        options={RANGES.map(({ id, name }) => [id, name])}
        onChoose={id => setParameters({ range: id })}
      />
      <label class="labelled">
        By
        <select value={by} onChange={event => setParameters({ by: event.currentTarget.value })}>
          {BY.map(name => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Choice
        label="Measure"
        value={measure}
        options={MEASURES.map(name => [name, name])}
        onChoose={name => setParameters({ measure: name })}
      />
      {canShowHours(choice) && (
        <Choice
          label="Unit"
          value={unit}
          options={[
            ['hour', 'hours'],
            ['day', 'days'],
          ]}
          onChoose={name => setParameters({ unit: name })}
        />
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}

const Choice = ({ label, value, options, onChoose }: ChoiceProps) => (
  <fieldset class="choice">
    <legend class="sr-only">{label}</legend>
    {options.map(([id, name]) => (
      <button key={id} type="button" aria-pressed={id === value} onClick={() => onChoose(id)}>
        {name}
      </button>
    ))}
  </fieldset>
);
