/**
 * Waits for a person's permission, as spans below the calls of tools that they held up. Transcripts tell of the call, the
 * client's own telemetry of the decision, and each may come before the other.
 */
import { ATTR_TOOL_CALL_ID, ATTR_WAIT_DECISION, ATTR_WAIT_REASON } from '../src/attributes.ts';
import type { ToolWaitFact } from '../src/model/client-fact.ts';
import { spanIdOf } from '../src/model/ids.ts';
import type { Leaf } from '../src/model/leaf.ts';
import type { LeafPlace } from './leaf-span.ts';

/** Of calls, and of decisions about calls that nobody told of yet; the oldest are forgotten. */
const MAX_KEPT = 10_000;
/**
 * A rule in the person's own settings counts to the client as a decision of the person. It is found within 50 ms, and
 * nobody answers a question as fast as that.
 */
const MIN_WAIT_MILLIS = 250;

export interface PlacedLeaf {
  leaf: Leaf;
  place: LeafPlace;
}

/** A call that was handed out. */
interface Call extends Pick<Leaf, 'span' | 'session' | 'startAt' | 'endAt' | 'ahead'> {
  place: LeafPlace;
}

export class PermissionWaits {
  /** By the id of the call, here and below. */
  readonly #calls = new Map<string, Call>();
  readonly #decisions = new Map<string, ToolWaitFact>();
  #late: PlacedLeaf[] = [];

  /** A decision was told. */
  tell(fact: ToolWaitFact): void {
    const call = this.#calls.get(fact.tool_use);
    const leaf = call && waitOf(call, fact);
    if (leaf) this.#late.push({ leaf, place: call.place });
    // The first counts: what was sent must not come again with other content.
    else if (!call && !this.#decisions.has(fact.tool_use)) keep(this.#decisions, fact.tool_use, fact);
  }

  /** The wait below a leaf that is handed out, if it is a call that is known to have waited. */
  below(leaf: Leaf, place: LeafPlace): Leaf | null {
    const id = leaf.attributes[ATTR_TOOL_CALL_ID];
    if (leaf.kind !== 'tool' || typeof id !== 'string') return null;
    const { span, session, endAt, ahead } = leaf;
    const call = {
      span,
      session,
      startAt: Math.max(leaf.startAt, Math.min(place.notBefore, endAt)),
      endAt,
      ahead,
      place,
    };
    keep(this.#calls, id, call);
    const decision = this.#decisions.get(id);
    this.#decisions.delete(id);
    return decision ? waitOf(call, decision) : null;
  }

  /** The waits that were told after their calls were handed out. */
  takeLate(): PlacedLeaf[] {
    const late = this.#late;
    this.#late = [];
    return late;
  }
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size <= MAX_KEPT) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}

/**
 * From the call up to the decision; null if nobody was waited for. Calls that were made at once are decided and done one
 * after the other: while one ahead of it runs, that is work.
 */
function waitOf(call: Call, { at, tool_use, decision }: ToolWaitFact): Leaf | null {
  const startAt = Math.max(call.startAt, ...(call.ahead ?? []).filter(end => end <= at));
  const endAt = Math.min(at, call.endAt);
  if (endAt - startAt < MIN_WAIT_MILLIS) return null;
  return {
    kind: 'wait',
    span: spanIdOf('wait', tool_use),
    parent: call.span,
    session: call.session,
    name: 'wait permission',
    startAt,
    endAt,
    attributes: { [ATTR_WAIT_REASON]: 'permission', [ATTR_WAIT_DECISION]: decision },
  };
}
