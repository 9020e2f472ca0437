/** What a rotation hands on is enough: totals and open activities go on as if nothing had been cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOver, resumeFold } from '../../src/model/carry.ts';
import type { Fact } from '../../src/model/fact.ts';
import { anonymousFact, BASE_TIME, clientFact, identifiedScriptFact } from '../helpers/arbitrary-facts.ts';
import { documentOf, foldFacts } from '../helpers/fold-facts.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };

/** Folds as the keeper does: at each cut the document is archived, and its head is read back from the file. */
function foldThroughRotations(facts: readonly Fact[], cuts: readonly number[]) {
  let state = foldFacts([]);
  let ids: string[] = [];
  for (const [index, fact] of facts.entries()) {
    if (cuts.includes(index)) {
      const carry = JSON.parse(JSON.stringify(carryOver(state, ids)));
      state = resumeFold(carry);
      ids = carry.ids;
    }
    foldFacts([fact], state);
  }
  return documentOf(state);
}

/**
 * Without places and without the status of the last command: what hangs under something that ended before the cut has
 * its parent in the archive only, and an end that was archived stays as it is when a surer one comes.
 */
const essence = (document: ReturnType<typeof documentOf>) => ({
  statistics: document.statistics,
  running: document.pipeline_status === 'running',
  context: document.current_context,
  started: document.pipeline_started_at,
  active: document.active_activities.map(({ event_id, level, name }) => ({ event_id, level, name })),
});

/** Ids are never used twice: each call and agent has one prompt all its life, and no call comes back and fails too. */
function withOneHome(fact: Fact): Fact {
  const home = 'tool_use' in fact ? (Number(fact.tool_use.slice(1)) % 3) + 1 : undefined;
  if (fact.kind === 'agent_return') return { ...fact, tool_use: `t${home}`, prompt: `p${home}`, child: `x${home}` };
  // A call is that of an agent or that of a skill, and an agent has one call.
  if (fact.kind === 'skill_return') return { ...fact, tool_use: `s${home}`, prompt: `p${home}`, child: `y${home}` };
  if (fact.kind === 'skill_call') return { ...fact, tool_use: `s${home}`, prompt: `p${home}` };
  if (fact.kind === 'agent_call') return { ...fact, tool_use: `t${home}`, prompt: `p${home}` };
  if (fact.kind === 'agent_start' || fact.kind === 'agent_end') return { ...fact, prompt: `p${fact.agent.slice(1)}` };
  if (fact.kind === 'tool_failure' || fact.kind === 'tool_denied') return { ...fact, tool_use: `other-${home}` };
  // A report on an agent that is over and archived continues the last run instead.
  return fact.kind === 'prompt' ? { ...fact, about: undefined } : fact;
}

/** A client sends no prompt of its own before somebody else did. */
const FIRST_PROMPTS: Fact[] = ['s1', 's2'].map(session => ({
  v: 1,
  at: BASE_TIME,
  source: 'hook',
  session,
  prompt: `first of ${session}`,
  kind: 'prompt',
}));

/** Each agent keeps its own order: once its end has come, it does nothing more. */
function withoutActsOfEndedAgents(facts: readonly Fact[]): Fact[] {
  const ended = new Set<string>();
  return facts.filter(fact => {
    const agent = 'agent' in fact ? fact.agent : undefined;
    if (agent === undefined || fact.kind === 'agent_start') return true;
    if (fact.kind !== 'agent_end' && fact.kind !== 'stop_failure') return !ended.has(agent);
    ended.add(agent);
    return true;
  });
}

const cases: [string, fc.Arbitrary<Fact>][] = [
  ['spans and scripts', fc.oneof({ weight: 5, arbitrary: identifiedScriptFact }, anonymousFact)],
  ['Claude Code', clientFact.map(fact => ({ ...fact, session: 's1' }) as Fact)],
];

describe('carryOver', () => {
  it.each(cases)('keeps totals running and open activities open for facts of %s', (_who, fact) => {
    const input = fc.record({
      facts: fc.array(fact, { maxLength: 40, size: 'max' }),
      cuts: fc.array(fc.nat(40), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(input, ({ facts: drawn, cuts }) => {
        const facts = [...FIRST_PROMPTS, ...withoutActsOfEndedAgents(drawn.map(withOneHome))];
        expect(essence(foldThroughRotations(facts, cuts))).toEqual(essence(documentOf(foldFacts(facts))));
      }),
      RUNS,
    );
  });
});
