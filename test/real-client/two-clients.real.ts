/** Two clients in one project, whose agents work at the same time. */
import { expect, it } from 'vitest';
import { agent, bash } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';
import { hierarchyOf } from './recorded.ts';

describeScenario(
  'two clients at once',
  {
    scripts: stage => ({
      build: [{ calls: [agent('builder', 'one')] }, { text: 'end' }],
      one: [{ calls: [bash('exit 1')] }, () => ({ text: 'one is done', hold: stage.api.whenAsked('two', 1) })],
      ship: [{ calls: [agent('builder', 'two')] }, { text: 'end' }],
      two: [{ calls: [bash('exit 2')] }, () => ({ text: 'two is done', hold: stage.api.whenAsked('one', 1) })],
    }),
    play: stage => Promise.all([stage.run('/build it'), stage.run('/ship it')]),
    tree: [
      'command /build completed',
      '  agent builder "do one" completed',
      '    ! warning ToolFailure: Bash: Exit code 1',
      'command /ship completed',
      '  agent builder "do two" completed',
      '    ! warning ToolFailure: Bash: Exit code 2',
    ],
  },
  played => {
    it('are two sessions', () => {
      const roots = hierarchyOf(played().stage.project);
      expect(new Set(roots.map(root => root.session_id)).size).toBe(2);
    });
  },
);
