/** Values of Claude Code as they come from outside: in hooks and transcripts alike. */
import { limitText, MAX_NAME } from '../model/limit-text.ts';

export type Payload = Record<string, unknown>;

/** The tool that spawns agents; clients before 2.1.63 call it `Task`. */
export const AGENT_TOOLS = ['Agent', 'Task'];

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? limitText(value, 65_536) : undefined;

export const object = (value: unknown): Payload =>
  typeof value === 'object' && value !== null ? (value as Payload) : {};

export const name = (value: unknown, fallback: string): string => limitText(text(value) || fallback, MAX_NAME);

export const skillName = (input: Payload): string => name(input.skill ?? input.command, 'skill');

export const agentType = (input: Payload): string => name(input.subagent_type, 'general-purpose');
