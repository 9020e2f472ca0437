/** Agents that the client does not wait for: it stops, they work on and report, and it wakes up. All that is one run. */
import { expect, it } from 'vitest';
import { describeScenario } from './describe-scenario.ts';
import { documentOf } from './recorded.ts';
import { agent, bash } from './stage.ts';

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
