/** Names of events, as the documented file has them. */
import type { ActivityLevel } from './fact.ts';

export const START_TYPES = {
  command: 'command_start',
  agent: 'agent_spawn_start',
  skill: 'skill_invoke_start',
  checkpoint: 'checkpoint_start',
} as const satisfies Record<ActivityLevel, string>;

export const END_TYPES = {
  command: 'command_end',
  agent: 'agent_spawn_end',
  skill: 'skill_invoke_end',
  checkpoint: 'checkpoint_end',
} as const satisfies Record<ActivityLevel, string>;
