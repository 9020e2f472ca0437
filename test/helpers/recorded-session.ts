/** The recorded session of `examples/`, as payloads and as the facts that the hook makes of them. */
import { readFileSync } from 'node:fs';
import { hookFact } from '../../src/claude-code/hook-fact.ts';
import type { Fact } from '../../src/model/fact.ts';

export interface RecordedCall {
  received_at_ms: number;
  payload: Record<string, unknown>;
}

const path = new URL('../../examples/recorded-session/hooks.jsonl', import.meta.url);

export const recordedCalls = (): RecordedCall[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as RecordedCall);

/** Every call of the Agent tool gets a label of its own, so that a wrong join shows. */
function withOwnLabel(call: RecordedCall): RecordedCall {
  const { tool_name, tool_use_id, tool_input } = call.payload;
  if (tool_name !== 'Agent') return call;
  const description = `call ${String(tool_use_id).slice(-6)}`;
  return { ...call, payload: { ...call.payload, tool_input: { ...(tool_input as object), description } } };
}

export const recordedFacts = (): Fact[] =>
  recordedCalls().flatMap(call => {
    const context = {
      now: call.received_at_ms,
      labels: true,
      branchOf: () => undefined,
      stageOf: () => undefined,
      client: () => undefined,
    };
    const fact = hookFact(withOwnLabel(call).payload, context);
    return fact ? [fact] : [];
  });
