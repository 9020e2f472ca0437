/** A prompt that is sent while the client works goes into the run that is on its way. */

import { agent, bash } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

describeScenario('queued prompt', {
  scripts: stage => ({
    build: [{ calls: [agent('builder', 'one')] }, { text: 'end' }],
    // The client has taken the second prompt when it writes it down.
    one: [() => ({ calls: [bash('exit 1')], hold: stage.written('and this too') }), { text: 'one is done' }],
  }),
  play: stage =>
    stage.talk(async ({ say, answered }) => {
      say('/build it');
      await stage.api.whenAsked('one', 0);
      say('and this too');
      await answered(1);
    }),
  tree: [
    'command /build completed',
    '  agent builder "do one" completed',
    '    ! warning ToolFailure: Bash: Exit code 1',
  ],
});
