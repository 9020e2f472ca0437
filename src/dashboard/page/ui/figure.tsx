/** One number with what it is. */
import type { ComponentChildren } from 'preact';

interface FigureProps {
  name: string;
  value: ComponentChildren;
  note?: ComponentChildren;
  tone?: 'good' | 'warning' | 'bad';
}

export const Figure = ({ name, value, note, tone }: FigureProps) => (
  <div class={`figure ${tone ? `tone-${tone}` : ''}`}>
    <dt>{name}</dt>
    <dd>
      <span class="value">{value}</span>
      {note && <span class="note">{note}</span>}
    </dd>
  </div>
);
