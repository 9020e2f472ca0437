/** A skill that is done by an agent of its own (`context: fork`). */

import { bash, skill } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

const forked = [{ calls: [bash('exit 1')] }, { text: 'forked is done' }];

describeScenario('forked skill', {
  scripts: () => ({
    build: [{ calls: [skill('forked')] }, { calls: [bash('exit 2')] }, { text: 'end' }],
    forked,
  }),
  play: async stage => [await stage.run('/build it')],
  tree: [
    'command /build completed',
    '  ! warning ToolFailure: Bash: Exit code 2',
    '  skill forked completed',
    '    agent builder completed',
    '      ! warning ToolFailure: Bash: Exit code 1',
  ],
  uncalledAgents: ['1 builder undefined'],
});

describeScenario('forked skill, typed', {
  scripts: () => ({ forked }),
  play: async stage => [await stage.run('/forked now')],
  tree: ['command /forked completed', '  agent builder completed', '    ! warning ToolFailure: Bash: Exit code 1'],
  uncalledAgents: ['1 builder undefined'],
  flaw: ({ version }) =>
    version === '2.1.197' ? 'this client sends UserPromptExpansion, but neither UserPromptSubmit nor Stop' : undefined,
});
