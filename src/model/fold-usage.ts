/** What activities used: reported with spans request by request, or told of a whole activity by its transcripts. */
import type { Activity, ToldUsage } from './activity.ts';
import type { TokenCounts, UsageSum } from './fact.ts';
import type { FoldState } from './state.ts';
import { touchEndsAbove } from './tree.ts';

export const NO_TOKENS: TokenCounts = { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 };

export function addUsage(sum: UsageSum | undefined, more: UsageSum): UsageSum {
  const a = sum?.tokens ?? NO_TOKENS;
  const b = more.tokens;
  return {
    tokens: {
      input: a.input + b.input,
      cache_read: a.cache_read + b.cache_read,
      cache_write_5m: a.cache_write_5m + b.cache_write_5m,
      cache_write_1h: a.cache_write_1h + b.cache_write_1h,
      output: a.output + b.output,
    },
    requests: (sum?.requests ?? 0) + more.requests,
    cost_nanousd: added(sum?.cost_nanousd, more.cost_nanousd),
    unpriced_tokens: added(sum?.unpriced_tokens, more.unpriced_tokens),
  };
}

const added = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

/** What transcripts tell of an activity: they only ever tell more, and the same again with other prices. */
export function tellUsage(state: FoldState, activity: Activity, told: ToldUsage): void {
  if (activity.told && !isMore(told, activity.told)) return;
  activity.told = told;
  touchEndsAbove(state, activity);
}

/** True if the first is to be kept rather than the second. */
export function isMore(a: ToldUsage, b: ToldUsage): boolean {
  const difference = a.requests - b.requests || tokensOf(a) - tokensOf(b) || a.at - b.at;
  return difference > 0;
}

const tokensOf = ({ tokens }: UsageSum): number =>
  tokens.input + tokens.cache_read + tokens.cache_write_5m + tokens.cache_write_1h + tokens.output;

/** Adds usage to an activity; the ends of all above it show it in their totals. */
export function addToActivity(state: FoldState, activity: Activity, usage: UsageSum): void {
  activity.usage = addUsage(activity.usage, usage);
  touchEndsAbove(state, activity);
}

/** Usage of the requests directly inside; undefined if none was reported. */
export const selfUsage = ({ usage, told }: Activity): UsageSum | undefined =>
  usage && told ? addUsage(usage, told) : (usage ?? told);

/** Usage of an activity and of all below it; undefined if none was reported. */
export function totalUsage(state: FoldState, activity: Activity): UsageSum | undefined {
  let total = selfUsage(activity);
  if (activity.usageBelow) total = addUsage(total, activity.usageBelow);
  for (const span of activity.children ?? []) {
    const child = state.activities.get(span);
    const below = child && totalUsage(state, child);
    if (below) total = addUsage(total, below);
  }
  return total;
}
