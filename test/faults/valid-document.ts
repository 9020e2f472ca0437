/** What facts come to: the fold takes them, and the document that it renders is what is documented. */
import type { z } from 'zod';
import { documentSchema } from '../../src/model/document-schema.ts';
import { applyFact } from '../../src/model/fold.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import { createState } from '../../src/model/state.ts';
import { renderText } from '../helpers/fold-facts.ts';

/** Folds lines of a journal and renders the document. Returns how many lines were taken; throws if the document is not valid. */
export function foldLines(lines: readonly string[]): number {
  const state = createState();
  let taken = 0;
  for (const line of lines) {
    const fact = parseFact(line);
    if (typeof fact === 'string') state.skipped[fact]++;
    else {
      taken++;
      applyFact(state, fact);
    }
  }
  expectValid(documentSchema, JSON.parse(renderText(state)));
  return taken;
}

export function expectValid(schema: z.ZodType, value: unknown): void {
  const { error } = schema.safeParse(value);
  if (error) throw new Error(`${error.message}\n${JSON.stringify(value).slice(0, 4000)}`);
}
