/** What the journal tells the ledger: model requests that programs reported with their spans, and that something ended. */
import { fileSize, forEachBlock } from './journal/read-blocks.ts';
import { listSegments, segmentPath } from './journal/segments.ts';
import type { Activity } from './model/activity.ts';
import type { RequestFact } from './model/fact.ts';
import { parseFact } from './model/parse-fact.ts';
import type { FoldState } from './model/state.ts';
import { placeOf } from './model/tree.ts';
import type { LedgerCursor } from './store/ledger.ts';
import { type BilledRequest, MAIN_AGENT, NO_SKILL, type Owner } from './usage/billed-request.ts';

const REQUEST_KEY = '"kind":"request"';

/** Facts that end an activity of Claude Code, or may. */
const ENDING = /"kind":"(?:stop|stop_failure|agent_end|agent_return|skill_call|prompt|session_end|session_start|lost)"/;

export interface JournalNews {
  requests: RequestFact[];
  /** What activities used may be told now. */
  hasEnds: boolean;
}

/** What was not read before; moves the cursor behind it. */
export function readJournalNews(stateDir: string, through: LedgerCursor): JournalNews {
  const news: JournalNews = { requests: [], hasEnds: false };
  for (const segment of listSegments(stateDir)) {
    const path = segmentPath(stateDir, segment);
    const before = through.get(segment) ?? 0;
    // Shorter than what was read: another journal took its place.
    let offset = fileSize(path) < before ? 0 : before;
    forEachBlock(path, offset, (text, bytes) => {
      for (let at = text.indexOf(REQUEST_KEY); at >= 0; at = text.indexOf(REQUEST_KEY, at)) {
        const end = text.indexOf('\n', at);
        const fact = parseFact(text.slice(text.lastIndexOf('\n', at) + 1, end));
        if (typeof fact !== 'string' && fact.kind === 'request') news.requests.push(fact);
        at = end;
      }
      news.hasEnds ||= ENDING.test(text);
      offset += bytes;
      return true;
    });
    through.set(segment, offset);
  }
  return news;
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
