/**
 * What must hold for every scenario, whatever it is about. It is played with our hooks and without any: the first gives
 * what was recorded, and both together show that the client did not notice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spanIdOf, startEventId } from '../../src/model/ids.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';
import { eachClient, type InstalledClient } from './each-client.ts';
import { hookTraces, recordShapes, SILENT } from './hook-traces.ts';
import type { Scripts } from './messages-api.ts';
import { documentOf, documentPaths, flat, hierarchyOf, hierarchyPaths, hookFailures, importInto } from './recorded.ts';
import { type Answer, openStage, type Stage } from './stage.ts';
import { agentNotes } from './transcripts.ts';
import { clientCosts, usageOf } from './usage.ts';

export type Outline = readonly unknown[];

export interface Scenario {
  /** What the API answers. */
  scripts(stage: Stage): Scripts;
  /** The runs of the client. */
  play(stage: Stage): Promise<Answer[]>;
  /** The whole tree afterwards; `expect.stringContaining` and the like may stand for a line. */
  tree: Outline | ((client: InstalledClient) => Outline);
  /** The tree that a client leaves that does not wait for its last hook, if that hook did not get through. */
  orElse?: Outline;
  /** What is still wrong with the tree that is recorded, if anything. */
  flaw?: (client: InstalledClient) => string | undefined;
  /** Agents (depth, type, label) that no call of the Agent tool made: resumed ones, and those that do a skill. */
  uncalledAgents?: readonly string[];
  /** The client is killed, which leaves its transcripts unfinished. */
  killed?: boolean;
  /** The client made requests that stand in no transcript, as those for a summary of the conversation. */
  hasUnwritten?: boolean;
  /** Skills that the client refuses to load, so that no hook hears of them. */
  refusedSkills?: readonly string[];
}

export interface Played {
  stage: Stage;
  answers: Answer[];
}

export function describeScenario(
  title: string,
  scenario: Scenario,
  more: (played: () => Played, client: InstalledClient) => void = () => {},
): void {
  eachClient(title, client => {
    const played: Played[] = [];
    const hooked = (): Played => played[0] as Played;

    beforeAll(async () => {
      for (const hooks of ['ours', 'none'] as const) {
        const stage = await openStage({ client, scripts: scenario.scripts, hooks });
        const one: Played = { stage, answers: [] };
        played.push(one);
        one.answers = await scenario.play(stage);
      }
    });
    afterAll(() => Promise.all(played.map(({ stage }) => stage.close())));

    describe('with hooks', () => {
      const flaw = scenario.flaw?.(client);
      const treeOfScenario = (): Outline =>
        typeof scenario.tree === 'function' ? scenario.tree(client) : scenario.tree;
      const recordsTree = (): void => {
        const { orElse } = scenario;
        const recorded = outline(treeOf(documentOf(hooked().stage.project)));
        if (orElse && isEqual(recorded, orElse)) return;
        expect(recorded).toEqual(treeOfScenario());
      };
      if (flaw === undefined) it('is recorded as this tree', recordsTree);
      else it.fails(`is not recorded as this tree yet: ${flaw}`, recordsTree);

      it('is shown by the command line as it stands in the document', () => {
        const { project } = hooked().stage;
        expect(hierarchyPaths(project)).toEqual(documentPaths(project));
      });

      it.skipIf(flaw !== undefined)(
        'has one agent for each that the client started, where the client says it is',
        () => {
          const { project, api } = hooked().stage;
          const called = new Set(api.calls.filter(({ tool }) => tool === 'Agent').map(({ id }) => id));
          // After /clear the client keeps a note on an agent that goes on in the folder of the new session too.
          const all = agentNotes(project).filter(({ toolUseId }) => toolUseId !== undefined);
          const notes = [...new Map(all.map(note => [note.toolUseId, note])).values()];
          expect(notes.filter(({ toolUseId }) => !called.has(toolUseId ?? ''))).toEqual([]);
          const places = notes.map(note => `${note.spawnDepth} ${note.agentType} ${note.description}`);
          expect(agentPlaces(hierarchyOf(project))).toEqual([...places, ...(scenario.uncalledAgents ?? [])].sort());
        },
      );

      it('has one skill for each call of one', () => {
        const { project, api } = hooked().stage;
        const refused = scenario.refusedSkills ?? [];
        const calls = api.calls.filter(
          ({ tool, input }) => tool === 'Skill' && !refused.includes((input as { skill: string }).skill),
        );
        const ids = calls.map(({ id }) => startEventId(spanIdOf('skill', id)));
        const skills = flat(hierarchyOf(project)).filter(({ level }) => level === 'skill');
        expect(skills.map(node => node.event_id).sort()).toEqual(ids.sort());
      });

      it('leaves nothing open, and no failure of a hook', () => {
        const { project } = hooked().stage;
        expect(documentOf(project).active_activities).toEqual([]);
        expect(hookFailures(project)).toBe('');
      });

      it('is told by the transcripts in the same way, so that an import adds nothing', () => {
        const { project } = hooked().stage;
        const live = outline(treeOf(documentOf(project)));
        const lacksFailure = scenario.orElse !== undefined && isEqual(live, scenario.orElse);
        const both = importInto(project, 'with-hooks');
        const alone = importInto(project, 'without-hooks');
        const wanted = lacksFailure || flaw !== undefined ? treeOfScenario() : live;
        // A client that is killed has not written all that its hooks told.
        if (!scenario.killed) expect(alone.tree).toEqual(wanted);
        expect(both.tree).toEqual(wanted);
        // A hook that the client did not wait for is made up for.
        expect(both.added).toBe(lacksFailure ? 1 : flaw === undefined ? 0 : both.added);
        expect(importInto(project, 'with-hooks').added).toBe(0);
      });

      it('has used what the API says, to the token, and costs what the client says, to the nano-dollar', () => {
        const { stage } = hooked();
        const { used, cost } = usageOf(stage.project);
        const turns = new Map(stage.api.billed.filter(({ isTurn }) => isTurn).map(({ id, usage }) => [id, usage]));
        for (const [id, usage] of used) expect(usage).toEqual(turns.get(id));
        if (scenario.killed) return;
        const told = clientCosts(stage.results);
        if (scenario.hasUnwritten) {
          expect(turns.size).toBeGreaterThan(used.size);
          expect(Math.max(...told)).toBeGreaterThan(cost);
        } else {
          expect(used.size).toBe(turns.size);
          if (told.length > 0) expect(told).toContain(cost);
        }
      });

      it('tells the document what each of its activities used', () => {
        const { project } = hooked().stage;
        const { used } = usageOf(project);
        const roots = hierarchyOf(project);
        const requests = roots.reduce((sum, { usage }) => sum + (usage?.total.requests ?? 0), 0);
        if (flaw === undefined) expect(requests).toBe(used.size);
        for (const { usage, children } of flat(roots)) {
          const below = children.reduce((sum, child) => sum + (child.usage?.total.requests ?? 0), 0);
          expect(usage?.total.requests ?? 0).toBe((usage?.self.requests ?? 0) + below);
        }
      });

      more(hooked, client);
    });

    describe('to the client', () => {
      it('is the same with hooks and without', () => {
        const [ours, none] = played as [Played, Played];
        expect(ours.answers).toEqual(none.answers);
        expect(ours.stage.api.asked.toSorted()).toEqual(none.stage.api.asked.toSorted());
        if (!scenario.killed) expect(recordShapes(ours.stage.project)).toEqual(recordShapes(none.stage.project));
      });

      it('hooks leave no trace but that they ran', () => {
        const { project, api } = hooked().stage;
        for (const trace of hookTraces(project)) expect(trace).toEqual(SILENT);
        // The model is told nothing of them.
        expect(api.requests.filter(body => body.includes('hooks/spanbook'))).toEqual([]);
      });
    });
  });
}

const isEqual = (recorded: Outline, tree: Outline): boolean => JSON.stringify(recorded) === JSON.stringify(tree);

type Place = { level: string; name: string; label?: string; children: Place[] };

/** Each agent with the number of agents that it is inside of, itself included. */
function agentPlaces(nodes: readonly Place[], depth = 1): string[] {
  return nodes
    .flatMap(({ level, name, label, children }) =>
      level === 'agent'
        ? [`${depth} ${name} ${label}`, ...agentPlaces(children, depth + 1)]
        : agentPlaces(children, depth),
    )
    .sort();
}
