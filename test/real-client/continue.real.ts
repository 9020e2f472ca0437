/** Two runs of the client in one session. */
import { expect, it } from 'vitest';
import { agent, bash } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';
import { hierarchyOf, spanbook } from './recorded.ts';

describeScenario(
  'continue',
  {
    scripts: () => ({
      build: [{ calls: [agent('builder', 'one')] }, { text: 'end' }],
      one: [{ calls: [bash('exit 1')] }, { text: 'one is done' }],
      ship: [{ calls: [agent('builder', 'two')] }, { text: 'end' }],
      two: [{ calls: [bash('exit 2')] }, { text: 'two is done' }],
    }),
    play: async stage => [
      await stage.run('/build it'),
      await stage.run('/ship it', '--continue'),
      await stage.run('thank you', '--continue'),
    ],
    tree: [
      'command /build completed',
      '  agent builder "do one" completed',
      '    ! warning ToolFailure: Bash: Exit code 1',
      'command /ship completed',
      '  agent builder "do two" completed',
      '    ! warning ToolFailure: Bash: Exit code 2',
      'command prompt completed',
    ],
  },
  played => {
    it('is one session', () => {
      const { project } = played().stage;
      expect(new Set(hierarchyOf(project).map(root => root.session_id)).size).toBe(1);
      expect(spanbook(project, 'pipeline', 'sessions')).toMatchObject({ sessions: [{ commands: 3 }] });
    });
  },
);
