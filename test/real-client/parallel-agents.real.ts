/** Three agents of one type at once, which end in another order than they were called in. */
import { expect, it } from 'vitest';
import { agent, bash } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';
import { documentOf } from './recorded.ts';

describeScenario(
  'parallel agents',
  {
    scripts: stage => ({
      build: [
        { calls: [agent('builder', 'one'), agent('builder', 'two'), agent('builder', 'three')] },
        { text: 'end' },
      ],
      one: [{ calls: [bash('exit 1')] }, () => ({ text: 'one is done', hold: stage.recorded('agent_end', 1) })],
      two: [{ calls: [bash('exit 2')] }, () => ({ text: 'two is done', hold: stage.recorded('agent_end', 2) })],
      three: [{ calls: [bash('exit 3')] }, { text: 'three is done' }],
    }),
    play: async stage => [await stage.run('/build it')],
    tree: [
      'command /build completed',
      '  agent builder "do one" completed',
      '    ! warning ToolFailure: Bash: Exit code 1',
      '  agent builder "do three" completed',
      '    ! warning ToolFailure: Bash: Exit code 3',
      '  agent builder "do two" completed',
      '    ! warning ToolFailure: Bash: Exit code 2',
    ],
  },
  played => {
    it('ends them in the order in which they ended', () => {
      const ends = documentOf(played().stage.project).events.filter(event => event.event_type === 'agent_spawn_end');
      expect(ends.map(event => event.activity.label)).toEqual(['do three', 'do one', 'do two']);
    });
  },
);
