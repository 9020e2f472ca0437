/** Tools that fail, and calls that the client refuses. Hooks hear of the failures only. */
import { expect } from 'vitest';
import { agent, bash, skill } from './calls.ts';
import { describeScenario } from './describe-scenario.ts';

describeScenario('failing and refused tools', {
  scripts: () => ({
    build: [
      { calls: [bash('echo no luck; exit 3')] },
      // An agent type that there is not.
      { calls: [agent('nobody', 'nothing')] },
      // An input that does not fit, a tool and a skill that there are not, a tool that is not allowed.
      { calls: [{ tool: 'Read', input: { nope: 1 } }] },
      { calls: [{ tool: 'Nope', input: {} }] },
      { calls: [skill('nonexistent')] },
      { calls: [{ tool: 'Write', input: { file_path: '/nonexistent/x', content: 'y' } }] },
      { text: 'end' },
    ],
  }),
  play: async stage => [await stage.run('/build it')],
  tree: [
    'command /build completed',
    expect.stringContaining("  ! warning ToolFailure: Agent: Agent type 'nobody' not found"),
    '  ! warning ToolFailure: Bash: Exit code 3',
  ],
  refusedSkills: ['nonexistent'],
});
