/** Recommendations: the `recommendations` of the prices, held against what was used. */
import { recommendationsOf } from '../model/recommendation-rules.ts';
import { NANO_PER_USD } from './amount-text.ts';
import type { SavingQuery } from './saving.ts';
import { savingsOf } from './saving-rules.ts';

export interface Recommendation {
  /** Name of the rule; `text`: passed on as it stands in the file. */
  readonly rule: string;
  /** As `agent explore`; null for a text. */
  readonly subject: string | null;
  /** What it would have saved, in USD at list prices; null for a text. */
  readonly saved: number | null;
  /** What, where and how much, in one or two sentences. Names in it may hold anything. */
  readonly message: string;
}

/** Less than a cent is not worth a sentence. */
const MIN_SAVED = NANO_PER_USD / 100;
/** Of each rule. */
const MAX_FOUND = 5;

/** Those that would have saved most come first; texts are last. */
export function recommend(entries: readonly unknown[], query: SavingQuery): Recommendation[] {
  const { rules, texts } = recommendationsOf(entries);
  const found = rules.flatMap(rule =>
    savingsOf(rule, query)
      .filter(({ saved }) => saved >= MIN_SAVED)
      .sort((a, b) => b.saved - a.saved)
      .slice(0, MAX_FOUND),
  );
  return [
    ...found.sort((a, b) => b.saved - a.saved).map(saving => ({ ...saving, saved: saving.saved / NANO_PER_USD })),
    ...texts.map(message => ({ rule: 'text', subject: null, saved: null, message })),
  ];
}
