/** The rules that look for money to save, and the numbers that they begin with. */

/**
 * By the name of a rule. What a rule in `usage_pricing.json` does not say is taken from here. Each rule asks only what
 * sums can answer. A prompt is uncached input, cache reads and cache writes together.
 */
export const RULE_DEFAULTS = {
  /** A type of agent whose requests are all small could run on a cheaper model. */
  cheaper_model_for_small_agents: {
    to_model: 'claude-haiku-5-5',
    /** Tokens of the prompt, on average over its requests. */
    max_average_input_tokens: 20_000,
    max_average_output_tokens: 1_000,
    min_requests: 20,
  },
  /** What wrote to the cache and hardly read from it would have paid less without: a write costs more than input. */
  cache_never_read: {
    min_cache_write_tokens: 100_000,
    /** Tokens read for each token written. With the usual prices a cache pays from 0.28 on. */
    max_reads_per_write: 0.25,
  },
  /** A session that was shorter than the hour it paid for could have used the cache of five minutes. */
  long_cache_not_needed: {
    min_cache_write_1h_tokens: 100_000,
    max_session_minutes: 60,
  },
  /** A session whose prompts are long on average, and that is a good part of the cost. */
  expensive_prompts: {
    min_average_prompt_tokens: 150_000,
    min_requests: 20,
    min_cost_share: 0.1,
  },
} as const;

export type RuleName = keyof typeof RULE_DEFAULTS;

type Widened<T> = { readonly [Key in keyof T]: T[Key] extends number ? number : string };

/** A rule with all its numbers. */
export type RecommendationRule = {
  [Name in RuleName]: { readonly rule: Name } & Widened<(typeof RULE_DEFAULTS)[Name]>;
}[RuleName];

export interface Recommendations {
  /** Those that are on. */
  readonly rules: readonly RecommendationRule[];
  /** Shown as they are. */
  readonly texts: readonly string[];
}

const isRuleName = (name: unknown): name is RuleName => typeof name === 'string' && Object.hasOwn(RULE_DEFAULTS, name);

/** Whether an entry of `recommendations` is a text, or a rule with nothing in it that the rule does not know. */
export function isRecommendation(entry: unknown): boolean {
  if (typeof entry === 'string') return entry !== '';
  if (typeof entry !== 'object' || entry === null) return false;
  const { rule, enabled = true, ...numbers } = entry as Record<string, unknown>;
  if (!isRuleName(rule) || typeof enabled !== 'boolean') return false;
  const defaults: Readonly<Record<string, number | string>> = RULE_DEFAULTS[rule];
  return Object.entries(numbers).every(([key, value]) => {
    if (!Object.hasOwn(defaults, key)) return false;
    if (typeof defaults[key] === 'string') return typeof value === 'string' && value !== '';
    return Number.isFinite(value) && (value as number) >= 0 && (key !== 'min_cost_share' || (value as number) <= 1);
  });
}

/** Fills in the numbers that a rule does not give, and leaves out what is no recommendation or is switched off. */
export function recommendationsOf(entries: readonly unknown[]): Recommendations {
  const valid = entries.filter(isRecommendation);
  const rules = valid.flatMap(entry => {
    if (typeof entry === 'string') return [];
    const { enabled = true, ...given } = entry as { rule: RuleName; enabled?: boolean };
    return enabled ? [{ ...RULE_DEFAULTS[given.rule], ...given } as RecommendationRule] : [];
  });
  return { rules, texts: valid.filter(entry => typeof entry === 'string') };
}
