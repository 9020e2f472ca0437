/** What `claude -p` printed (`--output-format json` or `stream-json`) → the totals in it. Pure. */
import { clientTotals } from './client-totals.ts';
import { object, type Payload, text } from './payload.ts';
import type { ClientTotals } from './usage-state.ts';

export interface ClientResult {
  session: string;
  totals: ClientTotals;
}

/** The results in a text of JSON or of JSON lines, in order. What else a stream holds is passed by. */
export function clientResults(printed: string): ClientResult[] {
  return messagesIn(printed).flatMap(message => {
    const { type, session_id, total_cost_usd, modelUsage } = object(message);
    const session = text(session_id);
    if (type !== 'result' || session === undefined) return [];
    const totals = clientTotals({
      totalCostUSD: total_cost_usd,
      modelUsage,
      hasUnknownModelCost: isGuessed(modelUsage),
    });
    return totals ? [{ session, totals }] : [];
  });
}

/** The client says of each model where its price is from. */
const isGuessed = (modelUsage: unknown): boolean =>
  Object.values(object(modelUsage)).some(usage => object(usage).costBasis === 'unknown');

function messagesIn(printed: string): unknown[] {
  const whole = parsed(printed);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  return printed.split('\n').flatMap(line => {
    const message = parsed(line);
    return message === undefined ? [] : [message];
  });
}

function parsed(json: string): Payload | unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Payload) : undefined;
  } catch {
    return undefined;
  }
}
