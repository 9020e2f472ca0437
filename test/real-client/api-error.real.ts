/** The API refuses a request in the middle of a run. */

import { agent } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

const scripts = () => ({
  build: [
    { calls: [agent('builder', 'one')] },
    { error: { status: 400, type: 'invalid_request_error', message: 'nothing to see here' } },
  ],
  one: [{ text: 'one is done' }],
});
const FAILED = [
  'command /build failed',
  // The client has a name for some errors of the API only.
  '  ! error unknown: API Error: 400 nothing to see here',
  '  agent builder "do one" completed',
];

describeScenario('API error at the end', {
  scripts,
  play: async stage => [await stage.run('/build it')],
  tree: FAILED,
  // Newer clients start the hooks of StopFailure and end without waiting for them.
  orElse: ['command /build cancelled', '  agent builder "do one" completed'],
});

describeScenario('API error in a client that goes on', {
  scripts,
  play: stage =>
    stage.talk(async ({ say, answered }) => {
      say('/build it');
      await answered(1);
      await stage.recorded('stop_failure', 1);
      say('/ship it');
      await answered(2);
    }),
  tree: [...FAILED, 'command /ship completed'],
});
