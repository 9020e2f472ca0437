/** Model requests that programs reported with their spans → requests of the ledger. */
import type { Activity } from './model/activity.ts';
import type { RequestFact } from './model/fact.ts';
import { parseFact } from './model/parse-fact.ts';
import type { FoldState } from './model/state.ts';
import { placeOf } from './model/tree.ts';
import { type BilledRequest, MAIN_AGENT, NO_SKILL, type Owner } from './usage/billed-request.ts';

/** The request that a line of the journal tells of, if it does. */
export function requestIn(line: string): RequestFact[] {
  const fact = parseFact(line);
  return typeof fact !== 'string' && fact.kind === 'request' ? [fact] : [];
}

/** The request of a fact, with what the activities around it say. */
export function requestOfFact(fact: RequestFact, state: FoldState): BilledRequest {
  const session = fact.session ?? null;
  const project = session === null ? null : (state.sessions.get(session)?.cwd ?? null);
  const activity = fact.parent === null ? undefined : state.activities.get(fact.parent);
  const owner: Owner = {
    session,
    project,
    branch: null,
    stage: activity ? placeOf(state, activity).stage : null,
    command: null,
    agent: activity ? MAIN_AGENT : null,
    instance: null,
    skill: activity ? NO_SKILL : null,
  };
  const methods: BilledRequest['methods'] = {};
  for (let at = activity; at; at = at.parent === null ? undefined : state.activities.get(at.parent)) {
    takeLevel(at, owner, methods);
  }
  return {
    id: fact.id,
    source: 'span',
    at: fact.at,
    model: fact.model,
    tokens: fact.tokens,
    isFinal: true,
    isFast: fact.fast === true,
    geo: fact.geo,
    webSearches: fact.web_searches ?? 0,
    owner,
    span: fact.parent,
    methods,
  };
}

/** The innermost of each level counts. A skill around an agent is that of its caller. */
function takeLevel({ level, name, span }: Activity, owner: Owner, methods: BilledRequest['methods']): void {
  if (level === 'command') owner.command ??= name;
  else if (level === 'agent' && owner.instance === null) {
    owner.agent = name;
    owner.instance = span;
  } else if (level === 'skill' && owner.skill === NO_SKILL) {
    owner.skill = name;
    if (owner.instance !== null) methods.skill = 'inherited';
  }
}
