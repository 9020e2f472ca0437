/** The client is killed while an agent works, and the session is continued later. */
import { it } from 'vitest';
import { describeScenario } from './describe-scenario.ts';
import { agent, bash, skill } from './stage.ts';

describeScenario(
  'killed client',
  {
    scripts: () => ({
      build: [{ calls: [skill('test-writer')] }, { calls: [agent('builder', 'one')] }, { text: 'never' }],
      one: [{ calls: [bash('exit 1')] }, { text: 'never', hold: new Promise(() => {}) }],
      ship: [{ calls: [agent('builder', 'two')] }, { text: 'end' }],
      two: [{ text: 'two is done' }],
    }),
    play: async stage => {
      const { child, done } = stage.start(['-p', '/build it']);
      child.stdin?.end();
      await stage.api.whenAsked('one', 1);
      await stage.recorded('tool_failure', 1);
      child.kill('SIGKILL');
      return [await done, await stage.run('/ship it', '--continue')].map(({ code, signal }) => ({
        code,
        signal,
        stderr: '',
      }));
    },
    killed: true,
    tree: [
      'command /build abandoned',
      '  skill test-writer abandoned',
      '    agent builder "do one" abandoned',
      '      ! warning ToolFailure: Bash: Exit code 1',
      'command /ship completed',
      '  agent builder "do two" completed',
    ],
  },
  () => {
    it.todo(
      'is abandoned as soon as somebody asks after the kill: nobody looks whether the process of a client is there',
    );
  },
);
