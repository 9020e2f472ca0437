/** A person stops the client while an agent works, and asks for something else. */

import { agent, bash, skill } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

describeScenario('interrupted', {
  scripts: () => ({
    build: [{ calls: [skill('test-writer')] }, { calls: [agent('builder', 'one')] }, { text: 'never' }],
    one: [{ calls: [bash('exit 1')] }, { text: 'never', hold: new Promise(() => {}) }],
    ship: [{ calls: [agent('builder', 'two')] }, { text: 'end' }],
    two: [{ calls: [bash('exit 2')] }, { text: 'two is done' }],
  }),
  play: stage =>
    stage.talk(async ({ say, interrupt, answered }) => {
      say('/build it');
      await stage.api.whenAsked('one', 1);
      interrupt();
      await answered(1);
      say('/ship it');
      await answered(2);
    }),
  tree: [
    'command /build cancelled',
    '  skill test-writer cancelled',
    '    agent builder "do one" cancelled',
    '      ! warning ToolFailure: Bash: Exit code 1',
    'command /ship completed',
    '  agent builder "do two" completed',
    '    ! warning ToolFailure: Bash: Exit code 2',
  ],
});
