/** The sums, and what is not in them. */
import { formatCount, formatMoney, formatShort } from '../../../model/format-amount.ts';
import type { UsageReport } from '../../../query/usage/usage-report.ts';
import type { TimeRange } from '../route/time-range.ts';
import { Figure } from '../ui/figure.tsx';
import { shownText } from '../ui/shown-text.ts';

export function UsageFigures({ report, range }: { report: UsageReport; range: TimeRange }) {
  const { totals, unpriced_models, skipped } = report;
  const tokens =
    totals.total_tokens_input +
    totals.total_tokens_output +
    totals.total_tokens_cache_read +
    totals.total_tokens_cache_write_5m +
    totals.total_tokens_cache_write_1h;
  const input = tokens - totals.total_tokens_output;
  const gaps = [
    totals.unpriced_tokens > 0 &&
      `${formatShort(totals.unpriced_tokens)} tokens have no price (${unpriced_models
        .slice(0, 4)
        .map(({ model }) => (model === null ? 'model not named' : shownText(model, 40)))
        .join(', ')}) and are in no cost.`,
    totals.output_incomplete_requests > 0 &&
      `Of ${formatCount(totals.output_incomplete_requests)} requests the final usage was never written: their output may be higher.`,
    skipped.damaged + skipped.unreadable_files > 0 &&
      `${formatCount(skipped.damaged)} damaged records and ${formatCount(skipped.unreadable_files)} unreadable files were skipped.`,
  ].filter(text => text !== false);
  return (
    <>
      <dl class="figures">
        <Figure name={`Cost, last ${range.name}`} value={formatMoney(totals.total_cost)} note="at list prices" />
        <Figure
          name="Tokens"
          value={formatShort(tokens)}
          note={`${formatShort(totals.total_tokens_output)} of output`}
        />
        <Figure
          name="Read from cache"
          value={input > 0 ? `${Math.round((100 * totals.total_tokens_cache_read) / input)} %` : '—'}
          note="of all input"
        />
        <Figure
          name="Requests"
          value={formatShort(totals.requests)}
          note={`${formatCount(totals.sessions_tracked)} sessions`}
        />
      </dl>
      <p class="muted list-price">
        List prices, not money spent: on a subscription you pay its fee, whatever stands here.
      </p>
      {gaps.length > 0 && (
        <ul class="gaps">
          {gaps.map(text => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  );
}
