/** Agents that start agents that start agents. */

import { agent, bash } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

describeScenario('nested agents', {
  scripts: () => ({
    build: [{ calls: [agent('builder', 'first'), agent('builder', 'beside')] }, { text: 'end' }],
    first: [{ calls: [agent('builder', 'second')] }, { calls: [agent('tester', 'after')] }, { text: 'first is done' }],
    second: [{ calls: [agent('builder', 'third'), agent('builder', 'twin')] }, { text: 'second is done' }],
    third: [{ calls: [bash('exit 3')] }, { text: 'third is done' }],
    twin: [{ calls: [bash('exit 4')] }, { text: 'twin is done' }],
    after: [{ calls: [bash('exit 5')] }, { text: 'after is done' }],
    beside: [{ calls: [bash('exit 6')] }, { text: 'beside is done' }],
  }),
  play: async stage => [await stage.run('/build it')],
  tree: [
    'command /build completed',
    '  agent builder "do beside" completed',
    '    ! warning ToolFailure: Bash: Exit code 6',
    '  agent builder "do first" completed',
    '    agent builder "do second" completed',
    '      agent builder "do third" completed',
    '        ! warning ToolFailure: Bash: Exit code 3',
    '      agent builder "do twin" completed',
    '        ! warning ToolFailure: Bash: Exit code 4',
    '    agent tester "do after" completed',
    '      ! warning ToolFailure: Bash: Exit code 5',
  ],
});
