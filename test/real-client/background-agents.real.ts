/** Agents that the client does not wait for: it stops, they work on and report, and it wakes up. All that is one run. */
import { expect, it } from 'vitest';
import { agent, bash, skill } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';
import { documentOf } from './recorded.ts';

const inBackground = { run_in_background: true };

describeScenario(
  'background agents',
  {
    scripts: stage => {
      // Written is not yet stopped, but the agents have more to ask before they report.
      const stopped = async (): Promise<void> => {
        await stage.written('waiting for both');
        await stage.recorded('stop', 1);
      };
      return {
        build: [
          { text: 'start', calls: [agent('builder', 'one', inBackground), agent('builder', 'two', inBackground)] },
          { text: 'waiting for both' },
          { calls: [bash('exit 7')] },
          { text: 'woken up' },
          { text: 'woken up again' },
        ],
        one: [() => ({ calls: [bash('exit 1')], hold: stopped() }), { text: 'one is done' }],
        two: [
          () => ({ calls: [agent('tester', 'deep')], hold: stopped() }),
          // Reported after the client has dealt with the first report.
          () => ({ text: 'two is done', hold: stage.written('woken up') }),
        ],
        deep: [{ calls: [bash('exit 2')] }, { text: 'deep is done' }],
      };
    },
    play: async stage => [await stage.run('/build it')],
    tree: [
      'command /build completed',
      '  ! warning ToolFailure: Bash: Exit code 7',
      '  agent builder "do one" completed',
      '    ! warning ToolFailure: Bash: Exit code 1',
      '  agent builder "do two" completed',
      '    agent tester "do deep" completed',
      '      ! warning ToolFailure: Bash: Exit code 2',
    ],
  },
  played => {
    it('ends the command after all of its agents', () => {
      const ends = documentOf(played().stage.project).events.filter(event => event.event_type.endsWith('_end'));
      const times = ends.map(event => event.timestamp).sort();
      expect(ends.find(event => event.level === 'command')?.timestamp).toBe(times.at(-1));
    });
  },
);

describeScenario('background agents across prompts', {
  scripts: stage => ({
    build: [{ calls: [agent('builder', 'one', inBackground)] }, { text: 'waiting for one' }],
    one: [
      // What it does from here on carries the id of the other prompt.
      () => ({ calls: [agent('tester', 'deep'), agent('tester', 'twin')], hold: stage.api.whenAsked('ship', 1) }),
      { calls: [skill('test-writer')] },
      { calls: [bash('exit 3')] },
      { text: 'one is done' },
    ],
    deep: [{ calls: [bash('exit 1')] }, { text: 'deep is done' }],
    twin: [{ calls: [bash('exit 2')] }, { text: 'twin is done' }],
    ship: [{ calls: [bash('exit 4')] }, { text: 'shipped' }, { text: 'woken up' }],
  }),
  play: stage =>
    stage.talk(async ({ say, answered }) => {
      for (const [index, prompt] of ['/build it', '/ship it'].entries()) {
        say(prompt);
        await answered(index + 1);
      }
      await answered(3);
    }),
  tree: [
    'command /build completed',
    '  agent builder "do one" completed',
    '    skill test-writer completed',
    '      ! warning ToolFailure: Bash: Exit code 3',
    '    agent tester "do deep" completed',
    '      ! warning ToolFailure: Bash: Exit code 1',
    '    agent tester "do twin" completed',
    '      ! warning ToolFailure: Bash: Exit code 2',
    'command /ship completed',
    '  ! warning ToolFailure: Bash: Exit code 4',
  ],
});

describeScenario('background agents across /clear', {
  scripts: stage => ({
    build: [{ calls: [agent('builder', 'one', inBackground)] }, { text: 'waiting for one' }],
    one: [() => ({ calls: [bash('exit 1')], hold: stage.api.whenAsked('ship', 0) }), { text: 'one is done' }],
    ship: [{ text: 'shipped' }, { text: 'woken up' }],
  }),
  play: stage =>
    stage.talk(async ({ say, answered }) => {
      for (const [index, prompt] of ['/build it', '/clear', '/ship it'].entries()) {
        say(prompt);
        await answered(index + 1);
      }
      await answered(4);
    }),
  tree: [
    'command /build completed',
    '  agent builder "do one" completed',
    '    ! warning ToolFailure: Bash: Exit code 1',
    'command /ship completed',
  ],
});
