/** What stands above the waterfall: search, what the colours mean, folding and zooming. */
import { useEffect, useState } from 'preact/hooks';
import { formatCount } from '../../../model/format-amount.ts';
import type { TimelineItem } from '../../../query/runs/run-timeline.ts';
import { Kind } from '../ui/status.tsx';
import type { Zoom } from './use-zoom.ts';

interface ToolsProps {
  items: readonly TimelineItem[];
  search: string;
  matches: number | null;
  zoom: Zoom;
  onSearch: (text: string) => void;
  onFoldAll: (isFolded: boolean) => void;
}

const KINDS = ['command', 'agent', 'skill', 'checkpoint', 'chat', 'tool', 'wait'];

export function WaterfallTools({ items, search, matches, zoom, onSearch, onFoldAll }: ToolsProps) {
  const [text, setText] = useState(search);
  useEffect(() => setText(search), [search]);
  const kinds = new Set<string>(items.map(({ kind }) => kind));
  return (
    <div class="waterfall-tools">
      <input
        type="search"
        class="search"
        aria-label="Search in this run"
        placeholder="Search in this run  ( / )"
        value={text}
        onInput={event => {
          setText(event.currentTarget.value);
          onSearch(event.currentTarget.value);
        }}
        onKeyDown={event => {
          if (event.key === 'Escape' || event.key === 'Enter') document.getElementById('waterfall')?.focus();
        }}
      />
      <span class="muted" role="status">
        {matches === null ? `${formatCount(items.length)} items` : `${formatCount(matches)} found`}
      </span>
      <ul class="legend" aria-label="Colours">
        {KINDS.filter(kind => kinds.has(kind)).map(kind => (
          <li key={kind}>
            <Kind kind={kind} />
          </li>
        ))}
        <li>
          <span class="critical-sample" aria-hidden="true" /> critical path
        </li>
      </ul>
      <div class="buttons" role="group" aria-label="Folding and zoom">
        <button type="button" onClick={() => onFoldAll(true)}>
          Fold all
        </button>
        <button type="button" onClick={() => onFoldAll(false)}>
          Unfold
        </button>
        <button type="button" class="icon" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoom.zoomBy(1.6)}>
          −
        </button>
        <button
          type="button"
          class="icon"
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={() => zoom.zoomBy(1 / 1.6)}
        >
          +
        </button>
        <button type="button" disabled={zoom.isWhole} onClick={() => zoom.show(null)}>
          Fit
        </button>
      </div>
    </div>
  );
}
