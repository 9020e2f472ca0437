/** The client's OTLP logs, as JSON → what a person decided about calls of tools, from `claude_code.tool_decision`. Pure. */
import type { ToolWaitFact } from '../model/client-fact.ts';
import { FACT_VERSION } from '../model/fact.ts';
import { clientLogs } from './client-logs.ts';
import { name } from './payload.ts';

const EVENT = 'tool_decision';
/** Who decided, where it was a person: once and for all, this once, by breaking off, by a no. */
const BY_PERSON = ['user_permanent', 'user_temporary', 'user_abort', 'user_reject'];

/** All such decisions in the payload of one export, of calls that can be found again. Whatever it holds, nothing is thrown. */
export function toolWaitFacts(payload: unknown): ToolWaitFact[] {
  const { events } = clientLogs(payload, EVENT, ['session.id', 'prompt.id', 'tool_use_id', 'tool_name', 'source']);
  return events.flatMap(({ at, id, text }) => {
    const session = id('session.id');
    const toolUse = id('tool_use_id');
    const decision = text('source');
    if (at === null || session === undefined || toolUse === undefined) return [];
    if (decision === undefined || !BY_PERSON.includes(decision)) return [];
    return {
      v: FACT_VERSION,
      at,
      kind: 'tool_wait' as const,
      source: 'import' as const,
      session,
      prompt: id('prompt.id'),
      tool_use: toolUse,
      name: name(text('tool_name'), 'tool'),
      decision,
    };
  });
}
