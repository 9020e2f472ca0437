/** What changes the session of a client: commands of its own, and a fork. */
import { expect, it } from 'vitest';
import { agent, bash } from './calls.ts';
import { describeScenario, type Played } from './describe-scenario.ts';
import { hierarchyOf } from './recorded.ts';

const scripts = () => ({
  build: [{ calls: [agent('builder', 'one')] }, { text: 'end' }],
  one: [{ calls: [bash('exit 1')] }, { text: 'one is done' }],
  ship: [{ calls: [agent('builder', 'two')] }, { text: 'end' }],
  two: [{ calls: [bash('exit 2')] }, { text: 'two is done' }],
});
const BUILD = [
  'command /build completed',
  '  agent builder "do one" completed',
  '    ! warning ToolFailure: Bash: Exit code 1',
];
const SHIP = [
  'command /ship completed',
  '  agent builder "do two" completed',
  '    ! warning ToolFailure: Bash: Exit code 2',
];
const sessionCount = ({ stage }: Played): number =>
  new Set(hierarchyOf(stage.project).map(root => root.session_id)).size;

for (const command of ['/compact', '/clear']) {
  describeScenario(
    command,
    {
      scripts,
      hasUnwritten: command === '/compact',
      play: async stage => [
        await stage.run('/build it'),
        await stage.run(command, '--continue'),
        await stage.run('/ship it', '--continue'),
      ],
      tree: [...BUILD, ...SHIP],
    },
    played => {
      it(command === '/clear' ? 'begins a session' : 'stays in its session', () => {
        expect(sessionCount(played())).toBe(command === '/clear' ? 2 : 1);
      });
    },
  );

  describeScenario(`${command} in a client that goes on`, {
    scripts,
    hasUnwritten: command === '/compact',
    play: stage =>
      stage.talk(async ({ say, answered }) => {
        for (const [index, prompt] of ['/build it', command, '/ship it'].entries()) {
          say(prompt);
          await answered(index + 1);
        }
      }),
    tree: [...BUILD, ...SHIP],
  });
}

describeScenario(
  '--fork-session',
  {
    scripts,
    play: async stage => [
      await stage.run('/build it'),
      await stage.run('/ship it', '--continue', '--fork-session'),
      await stage.run('/ship it', '--continue'),
    ],
    tree: [...BUILD, ...SHIP, ...SHIP],
  },
  played => {
    it('begins a session', () => {
      expect(sessionCount(played())).toBe(2);
    });
  },
);
