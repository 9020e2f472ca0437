/** Prompts that the client sends itself, as when a background task is over. */
import type { PromptFact } from '../model/client-fact.ts';
import { type Payload, text } from './payload.ts';

const MAX_REPORTS = 64;

/** Whether the client sent the prompt itself. `source` may be missing, so a notification is known by its text too. */
export function promptOrigin(payload: Payload): Pick<PromptFact, 'system' | 'about' | 'outcomes'> {
  const prompt = text(payload.prompt) ?? '';
  const source = text(payload.source);
  const system = isNotification(prompt) || (source !== undefined && source !== 'user' && source !== 'sdk');
  if (!system) return {};
  const { about, outcomes } = reportedTasks(prompt);
  return about.length > 0 ? { system, about, outcomes } : { system };
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
