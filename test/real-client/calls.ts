/** Tool calls for the scripts of the stand-in for the API. */
import type { ToolCall } from './messages-api.ts';

/** A call of the Agent tool that the caller waits for; the agent follows the script of that name. */
export const agent = (type: string, script: string, more: object = {}): ToolCall => ({
  tool: 'Agent',
  input: {
    description: `do ${script}`,
    prompt: `Do it: [[${script}]]`,
    subagent_type: type,
    // The default differs between versions.
    run_in_background: false,
    ...more,
  },
});
export const bash = (command: string): ToolCall => ({ tool: 'Bash', input: { command, description: 'shell' } });
export const skill = (name: string): ToolCall => ({ tool: 'Skill', input: { skill: name } });
