/** A billed request, or the sum of many, as a point of the cube. */
import { type BilledRequest, type Method, totalTokens } from './billed-request.ts';
import type { RequestSum } from './request-sum.ts';
import type { CubePoint } from './usage-cube.ts';

/** What a request costs and which stage it belongs to, by the prices and the settings that hold. */
export interface LedgerRules {
  /** In nano-dollars; null if no price is known. */
  costOf(request: BilledRequest): number | null;
  /** The same of a sum of requests that had no price when they were summed. */
  costOfSum(sum: RequestSum): number | null;
  /** By the rules of the settings. */
  stageOf(request: Pick<BilledRequest, 'owner' | 'methods'>): { stage: string | null; method: Method };
}

type Placed = Pick<BilledRequest, 'at' | 'model' | 'tokens' | 'owner' | 'methods'>;
type Counted = { cost: number | null; requests: number; incomplete: number; web_searches: number };

export const pointOf = (request: BilledRequest, rules: LedgerRules): CubePoint =>
  point(request, rules, {
    cost: rules.costOf(request),
    requests: 1,
    incomplete: request.isFinal ? 0 : 1,
    web_searches: request.webSearches,
  });

export const pointOfSum = (sum: RequestSum, rules: LedgerRules): CubePoint =>
  point(sum, rules, {
    cost: sum.cost ?? rules.costOfSum(sum),
    requests: sum.requests,
    incomplete: sum.incomplete,
    web_searches: sum.webSearches,
  });

type Keys = Pick<CubePoint, 'keys' | 'methods'>;
let lastPlaced: Pick<Placed, 'model' | 'owner' | 'methods'> | null = null;
let lastRules: LedgerRules | null = null;
let lastKeys: Keys | null = null;

/** The requests of a turn come one after the other, and share these. */
function keysOf(placed: Placed, rules: LedgerRules): Keys {
  const { model, owner, methods } = placed;
  const isLast =
    lastPlaced?.owner === owner && lastPlaced.model === model && lastPlaced.methods === methods && lastRules === rules;
  if (isLast && lastKeys !== null) return lastKeys;
  const byRules = owner.stage === null ? rules.stageOf(placed) : null;
  const { session, project, branch, command, agent, instance, skill } = owner;
  const stage = byRules ? byRules.stage : owner.stage;
  lastPlaced = { model, owner, methods };
  lastRules = rules;
  lastKeys = {
    keys: { model, stage, command, agent, instance, skill, session, project, branch },
    methods: byRules && byRules.method !== 'exact' ? { ...methods, stage: byRules.method } : methods,
  };
  return lastKeys;
}

function point(placed: Placed, rules: LedgerRules, counted: Counted): CubePoint {
  const { at, tokens } = placed;
  const { cost, requests, incomplete, web_searches } = counted;
  const { keys, methods } = keysOf(placed, rules);
  return {
    at,
    keys,
    methods,
    // Written out: spreading objects would take longer than all the rest of it.
    measures: {
      input: tokens.input,
      cache_read: tokens.cache_read,
      cache_write_5m: tokens.cache_write_5m,
      cache_write_1h: tokens.cache_write_1h,
      output: tokens.output,
      cost: cost ?? 0,
      unpriced: cost === null ? totalTokens(tokens) : 0,
      requests,
      incomplete,
      web_searches,
    },
  };
}
