/** Skills of an agent and of the client itself: what happens while one is open belongs to it. */

import { agent, bash, skill } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

describeScenario('skills', {
  scripts: () => ({
    build: [
      { calls: [skill('test-writer')] },
      { calls: [agent('builder', 'one'), agent('builder', 'two')] },
      { calls: [bash('exit 5')] },
      { text: 'end' },
    ],
    one: [
      { calls: [bash('exit 1')] },
      { calls: [skill('prototype-builder')] },
      { calls: [bash('exit 2')] },
      { calls: [skill('test-writer')] },
      { calls: [bash('exit 3')] },
      { text: 'one is done' },
    ],
    two: [{ calls: [skill('prototype-builder')] }, { calls: [bash('exit 4')] }, { text: 'two is done' }],
  }),
  play: async stage => [await stage.run('/build it')],
  tree: [
    'command /build completed',
    '  skill test-writer completed',
    '    ! warning ToolFailure: Bash: Exit code 5',
    '    agent builder "do one" completed',
    '      ! warning ToolFailure: Bash: Exit code 1',
    '      skill prototype-builder completed',
    '        ! warning ToolFailure: Bash: Exit code 2',
    '      skill test-writer completed',
    '        ! warning ToolFailure: Bash: Exit code 3',
    '    agent builder "do two" completed',
    '      skill prototype-builder completed',
    '        ! warning ToolFailure: Bash: Exit code 4',
  ],
});
