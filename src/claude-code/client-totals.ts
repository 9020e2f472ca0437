/** What the client itself says that a session has cost: its `cost-state` record. Pure. */
import { name, object, type Payload } from './payload.ts';
import type { ClientTotals } from './usage-state.ts';

/** Undefined if the record says nothing that can be compared. */
export function clientTotals(record: Payload): ClientTotals | undefined {
  const cost = record.totalCostUSD;
  if (typeof cost !== 'number') return undefined;
  const models: ClientTotals['models'] = {};
  for (const [model, value] of Object.entries(object(record.modelUsage))) {
    const usage = object(value);
    models[name(model, 'unknown')] = {
      input: count(usage.inputTokens),
      output: count(usage.outputTokens),
      cache_read: count(usage.cacheReadInputTokens),
      cache_write: count(usage.cacheCreationInputTokens),
      cost_usd: typeof usage.costUSD === 'number' ? usage.costUSD : 0,
    };
  }
  const at = typeof record.timestamp === 'string' ? Date.parse(record.timestamp) : Number.NaN;
  return {
    at: Number.isNaN(at) ? null : at,
    cost_usd: cost,
    models,
    unknown_cost: record.hasUnknownModelCost === true || undefined,
  };
}

const count = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) ? value : 0);
