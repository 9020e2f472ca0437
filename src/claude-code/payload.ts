/** Values of Claude Code as they come from outside: in hooks and transcripts alike. */
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import { redact } from '../model/redact.ts';

export type Payload = Record<string, unknown>;

/** The tool that spawns agents; clients before 2.1.63 call it `Task`. */
export const AGENT_TOOLS = ['Agent', 'Task'];

const MAX_LABEL = 200;
const MAX_REPORTS = 64;

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? limitText(value, 65_536) : undefined;

export const object = (value: unknown): Payload =>
  typeof value === 'object' && value !== null ? (value as Payload) : {};

export const name = (value: unknown, fallback: string): string => limitText(text(value) || fallback, MAX_NAME);

export const skillName = (input: Payload): string => name(input.skill ?? input.command, 'skill');

export const agentType = (input: Payload): string => name(input.subagent_type, 'general-purpose');

/** A short text that a person or the model wrote, without secrets. */
export function label(value: unknown): string | undefined {
  const given = text(value);
  return given === undefined ? undefined : limitText(redact(given.slice(0, 8 * MAX_LABEL)), MAX_LABEL);
}

/** True for what the client sends as a prompt when a background task is over. */
export const isNotification = (prompt: string): boolean => prompt.trimStart().startsWith('<task-notification>');

/** The tasks that a notification speaks of, each with its outcome (an empty text if it tells none). */
export function reportedTasks(prompt: string): { about: string[]; outcomes: string[] } {
  const parts = prompt.split('<task-notification>').slice(0, MAX_REPORTS + 1);
  const about: string[] = [];
  const outcomes: string[] = [];
  for (const part of parts) {
    const id = /<task-id>([^<]{1,128})<\/task-id>/.exec(part)?.[1];
    if (id === undefined) continue;
    about.push(id);
    outcomes.push(/<status>([^<]{1,32})<\/status>/.exec(part)?.[1] ?? '');
  }
  return { about, outcomes };
}
