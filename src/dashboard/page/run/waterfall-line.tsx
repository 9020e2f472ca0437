/** One line of the waterfall: name on the left, time on the right. */
import { formatDuration } from '../../../query/format-duration.ts';
import { costText } from '../ui/amounts.ts';
import { shownText, wholeText } from '../ui/shown-text.ts';
import { kindWord } from '../ui/status.tsx';
import { placeOf, type TimeSpan } from './time-scale.ts';
import type { WaterfallRow } from './waterfall-rows.ts';

interface WaterfallLineProps {
  row: WaterfallRow;
  index: number;
  top: number;
  shown: TimeSpan;
  width: number;
  now: number;
  marks: readonly TimeSpan[] | undefined;
  isSelected: boolean;
  isCursor: boolean;
  onSelect: (id: string) => void;
  onFold: (id: string) => void;
}

const INDENT = 14;
const MAX_INDENT = 12;
/** Room for the words beside a bar. */
const WORDS = 130;

export function WaterfallLine(props: WaterfallLineProps) {
  const { row, index, top, shown, width, now, marks, isSelected, isCursor, onSelect, onFold } = props;
  const { item, hasChildren, isFolded, isMatch } = row;
  const end = item.ended_ms ?? now;
  // Far outside of the picture a bar may end: numbers of a million pixels are drawn badly.
  const clamp = (place: number): number => Math.max(-20, Math.min(width + 20, place));
  const left = clamp(placeOf(item.started_ms, shown, width));
  const right = clamp(placeOf(end, shown, width));
  const isSeen = right >= 0 && left <= width;
  const isFailed = item.status === 'failed' || item.status === 'abandoned';
  const cost = item.kind === 'tool' || item.kind === 'wait' ? '' : costText(item.usage);
  const hasRoomRight = right + WORDS <= width;
  const isInside = !hasRoomRight && left <= WORDS && right - left > WORDS;
  const isLeft = !hasRoomRight && (isInside || left > WORDS);
  const wordsAt = isInside ? Math.min(right, width) - 6 : isLeft ? left - 6 : Math.max(0, right) + 6;
  const took = formatDuration(Math.max(0, end - item.started_ms));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles keys, for the line that is active.
    <div
      id={`line-${index}`}
      role="row"
      aria-level={item.depth + 1}
      aria-expanded={hasChildren ? !isFolded : undefined}
      aria-selected={isSelected}
      aria-rowindex={index + 1}
      class={`line ${isSelected ? 'is-selected' : ''} ${isCursor ? 'is-cursor' : ''} ${isMatch ? 'is-match' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(item.id)}
    >
      <div
        class="line-name"
        role="gridcell"
        style={{ paddingLeft: `${6 + Math.min(item.depth, MAX_INDENT) * INDENT}px` }}
        title={wholeText(item.name)}
      >
        {hasChildren ? (
          <button
            type="button"
            class="fold"
            tabIndex={-1}
            aria-label={isFolded ? 'Unfold' : 'Fold'}
            onClick={event => {
              event.stopPropagation();
              onFold(item.id);
            }}
          >
            {isFolded ? '▸' : '▾'}
          </button>
        ) : (
          <span class="fold" />
        )}
        <span class={`dot kind-${item.kind}`} aria-hidden="true" />
        <span class="name">
          <span class="sr-only">{kindWord(item.kind)} </span>
          {shownText(item.name, 160) || '(no name)'}
          {item.label && <span class="label"> {shownText(item.label, 120)}</span>}
        </span>
        {isFailed && (
          <span class="line-failed" title={item.status}>
            ✕<span class="sr-only"> {item.status}</span>
          </span>
        )}
        {cost && cost !== '—' && <span class="line-cost">{cost}</span>}
      </div>
      <div class="line-time" role="gridcell">
        {isSeen && (
          <>
            <span
              class={`time-bar kind-${item.kind} ${isFailed ? 'is-failed' : ''} ${item.ended_ms === null ? 'is-open' : ''}`}
              style={{ transform: `translateX(${left}px)`, width: `${Math.max(2, right - left)}px` }}
            />
            {marks?.map(mark => {
              const from = clamp(placeOf(mark.from, shown, width));
              const to = clamp(placeOf(mark.to, shown, width));
              return (
                to >= 0 &&
                from <= width && (
                  <span
                    key={mark.from}
                    class="critical"
                    style={{ transform: `translateX(${from}px)`, width: `${Math.max(1, to - from)}px` }}
                  />
                )
              );
            })}
            <span
              class={`time-words ${isLeft ? 'is-left' : ''} ${isInside && item.kind !== 'wait' ? 'is-inside' : ''}`}
              style={{ transform: `translateX(${wordsAt}px)` }}
            >
              <span class="time-took">{took}</span>
              {item.error && <span class="time-error">{shownText(item.error, 120)}</span>}
            </span>
          </>
        )}
        {!isSeen && (
          <span class={`time-away ${right < 0 ? '' : 'is-right'}`} aria-hidden="true">
            {right < 0 ? '‹' : '›'}
          </span>
        )}
      </div>
    </div>
  );
}
