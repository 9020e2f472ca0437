/** The client is killed while an agent works, and the session is continued later. */
import { expect, it } from 'vitest';
import { outline, type TreeNode } from '../helpers/tree-of.ts';
import { agent, bash, skill } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';
import { hierarchyOf, type ShownNode } from './recorded.ts';
import type { Stage } from './stage.ts';

const askedAfterKill = new Map<Stage, ShownNode[]>();
const withoutNotes = (nodes: readonly ShownNode[]): TreeNode[] =>
  nodes.map(({ name, level, label, status, children }) => ({
    name,
    level,
    label,
    status,
    notes: [],
    children: withoutNotes(children),
  }));

describeScenario(
  'killed client',
  {
    scripts: () => ({
      build: [{ calls: [skill('test-writer')] }, { calls: [agent('builder', 'one')] }, { text: 'never' }],
      one: [{ calls: [bash('exit 1')] }, { text: 'never', hold: new Promise(() => {}) }],
      ship: [{ calls: [agent('builder', 'two')] }, { text: 'end' }],
      two: [{ text: 'two is done' }],
    }),
    play: async stage => {
      const { child, done } = stage.start(['-p', '/build it']);
      child.stdin?.end();
      await stage.api.whenAsked('one', 1);
      await stage.recorded('tool_failure', 1);
      child.kill('SIGKILL');
      const { code, signal, stderr } = await done;
      askedAfterKill.set(stage, hierarchyOf(stage.project));
      return [{ code, signal, stderr }, await stage.run('/ship it', '--continue')];
    },
    killed: true,
    tree: [
      'command /build abandoned',
      '  skill test-writer abandoned',
      '    agent builder "do one" abandoned',
      '      ! warning ToolFailure: Bash: Exit code 1',
      'command /ship completed',
      '  agent builder "do two" completed',
    ],
  },
  played => {
    // Only there can be told which process a client was.
    it.runIf(process.platform === 'linux')('is abandoned as soon as somebody asks', () => {
      expect(outline(withoutNotes(askedAfterKill.get(played().stage) ?? []))).toEqual([
        'command /build abandoned',
        '  skill test-writer abandoned',
        '    agent builder "do one" abandoned',
      ]);
    });
  },
);
