/** A call of a tool → a span below the activity that made it. Its inputs and outputs stay where they are. Pure. */
import { ATTR_OPERATION, ATTR_TOOL_CALL_ID, ATTR_TOOL_NAME, ATTR_TOOL_TYPE } from '../attributes.ts';
import { spanIdOf } from '../model/ids.ts';
import type { Leaf } from '../model/leaf.ts';
import { AGENT_TOOLS } from './payload.ts';
import type { ToolCall } from './session-calls.ts';

/** Servers of tools, which the client calls by a protocol. */
const MCP_PREFIX = 'mcp__';

const FAILURES = { failed: 'tool_failure', denied: 'tool_denied', refused: 'tool_refused' } as const;

/** Null for a call that is an activity of its own: an agent, a skill. */
export function toolLeaf(call: ToolCall, parent: { span: string; session: string; endAt: number | null }): Leaf | null {
  const { id, tool, startAt, failure, message } = call;
  if (tool === 'Skill' || AGENT_TOOLS.includes(tool)) return null;
  return {
    kind: 'tool',
    span: spanIdOf('tool', id),
    parent: parent.span,
    session: parent.session,
    name: `execute_tool ${tool}`,
    startAt,
    endAt: call.endAt ?? Math.max(startAt, parent.endAt ?? startAt),
    attributes: {
      [ATTR_OPERATION]: 'execute_tool',
      [ATTR_TOOL_NAME]: tool,
      [ATTR_TOOL_CALL_ID]: id,
      [ATTR_TOOL_TYPE]: tool.startsWith(MCP_PREFIX) ? 'extension' : 'function',
    },
    error: failureOf(call.endAt, failure, message),
  };
}

function failureOf(endAt: number | null, failure: ToolCall['failure'], message: string): Leaf['error'] {
  // The client was stopped meanwhile, or killed.
  if (endAt === null) return { type: 'no_result', message: 'no result was written' };
  return failure && { type: FAILURES[failure], message };
}
