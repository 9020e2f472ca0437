/** A real session, folded: in order, twice, and in every order that parallel hooks may come in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { foldToDocument } from '../helpers/fold-facts.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';

const TREE = [
  'command /fanout completed',
  '  agent builder "call 000070" completed',
  '  agent builder "call 000072" completed',
  '  agent tester "call 000071" completed',
  '    ! warning ToolFailure: Bash: Exit code 7',
  'command /simple completed',
  '  agent builder "call 000010" completed',
  '  skill prototype-builder completed',
  '    ! warning ToolFailure: Bash: Exit code 3',
  'command prompt completed',
];
const STATISTICS = {
  total_events: 18,
  total_commands: 3,
  total_agents_spawned: 4,
  total_skills_invoked: 1,
  total_errors: 0,
  total_warnings: 2,
};

describe('the recorded session', () => {
  it('is three commands, four agents under their calls, a skill and two warnings, with nothing left open', () => {
    const document = foldToDocument(recordedFacts());
    expect(outline(treeOf(document))).toEqual(TREE);
    expect(document.statistics).toEqual(STATISTICS);
    expect(document.active_activities).toEqual([]);
    expect(document.pipeline_status).toBe('completed');
    expect(Math.max(...document.events.map(event => event.hierarchy.depth))).toBe(2);
    expect(document.skipped).toBeUndefined();
  });

  it('joins each agent to the call that made it, by the id that came back', () => {
    const { events } = foldToDocument(recordedFacts());
    const labels = new Map(
      events
        .filter(event => event.event_type === 'agent_spawn_start')
        .map(event => [event.timestamp, event.activity.label]),
    );
    const starts = recordedFacts().filter(fact => fact.kind === 'agent_start');
    const returns = recordedFacts().filter(fact => fact.kind === 'agent_return');
    for (const start of starts) {
      const call = returns.find(fact => fact.child === start.agent);
      expect(labels.get(new Date(start.at).toISOString())).toBe(`call ${call?.tool_use.slice(-6)}`);
    }
    expect(starts.length).toBe(4);
  });

  it('is the same when it is replayed', () => {
    const facts = recordedFacts();
    expect(foldToDocument([...facts, ...facts])).toEqual(foldToDocument(facts));
  });

  it('has the same statistics and tree in 2,000 random interleavings, single and doubled', () => {
    const order = fc.array(fc.nat(0xffff), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(order, fc.boolean(), (choices, doubled) => {
        const document = foldToDocument(interleave(queuesOf(recordedFacts(), choices[0] ?? 0), choices, doubled));
        expect(outline(treeOf(document))).toEqual(TREE);
        expect(document.statistics).toEqual(STATISTICS);
        expect(document.active_activities).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

/**
 * Facts that keep their order among each other: those of the main thread, and those of each agent. Start, end and
 * return of an agent come in any order; so do the two hooks of one prompt, swapped here if a bit of `swaps` says so.
 */
function queuesOf(facts: readonly Fact[], swaps: number): Fact[][] {
  const main: Fact[] = [];
  const agents = new Map<string, Fact[]>();
  const free: Fact[][] = [];
  for (const fact of facts) {
    if (['agent_start', 'agent_end', 'agent_return'].includes(fact.kind)) free.push([fact]);
    else if ('agent' in fact && fact.agent) agents.set(fact.agent, [...(agents.get(fact.agent) ?? []), fact]);
    else main.push(fact);
  }
  for (const [index, fact] of main.entries()) {
    const next = main[index + 1];
    if (fact.kind !== 'command' || next === undefined || !(swaps & (1 << (index % 8)))) continue;
    main.splice(index, 2, next, fact);
  }
  return [main, ...agents.values(), ...free];
}

/** Takes from the queues as `choices` say; `doubled`: each fact comes twice, the second time whenever it likes. */
function interleave(queues: readonly Fact[][], choices: readonly number[], doubled: boolean): Fact[] {
  const left = queues.map(queue => (doubled ? queue.flatMap(fact => [fact, fact]) : [...queue]));
  const taken: Fact[] = [];
  for (let step = 0; ; step++) {
    const waiting = left.filter(queue => queue.length > 0);
    if (waiting.length === 0) return taken;
    const next = waiting[(choices[step % choices.length] ?? 0) % waiting.length]?.shift();
    if (next) taken.push(next);
  }
}
