/** A model request that a program reported whole → a leaf below its activity. */
import { chatLeaf } from '../src/model/chat-leaf.ts';
import type { RequestFact } from '../src/model/fact.ts';
import type { Leaf } from '../src/model/leaf.ts';

export const requestLeaf = (fact: RequestFact): Leaf =>
  chatLeaf({
    span: fact.id,
    parent: fact.below ?? fact.parent ?? '',
    session: fact.session ?? null,
    startAt: fact.start ?? fact.at,
    endAt: fact.at,
    model: fact.model,
    provider: fact.provider ?? 'anthropic',
    tokens: fact.tokens,
    cost: fact.cost_nanousd ?? null,
    isFinal: true,
    isFast: fact.fast === true,
    geo: fact.geo,
    webSearches: fact.web_searches ?? 0,
  });
