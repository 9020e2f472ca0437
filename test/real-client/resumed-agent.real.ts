/** An agent of an earlier run gets a message, and works again in the run that sent it. */

import { agent, bash } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

describeScenario('resumed agent', {
  scripts: () => ({
    build: [{ calls: [agent('builder', 'one')] }, { text: 'end' }],
    one: [{ calls: [bash('exit 1')] }, { text: 'one is done' }],
    ship: [
      conversation => {
        const to = /agentId: (\w+)/.exec(conversation)?.[1];
        return { calls: [{ tool: 'SendMessage', input: { to, summary: 'go on', message: 'Do it: [[more]]' } }] };
      },
      { text: 'sent' },
      { text: 'end' },
    ],
    more: [{ calls: [bash('exit 2')] }, { text: 'more is done' }],
  }),
  play: async stage => [await stage.run('/build it'), await stage.run('/ship it', '--continue')],
  tree: [
    'command /build completed',
    '  agent builder "do one" completed',
    '    ! warning ToolFailure: Bash: Exit code 1',
    'command /ship completed',
    '  agent builder "do one" completed',
    '    ! warning ToolFailure: Bash: Exit code 2',
  ],
  uncalledAgents: ['1 builder do one'],
});
