/** A call of a tool → a span below the activity that made it. Its inputs and outputs stay where they are. Pure. */
import { ATTR_OPERATION, ATTR_TOOL_CALL_ID, ATTR_TOOL_NAME, ATTR_TOOL_TYPE } from '../attributes.ts';
import { spanIdOf } from '../model/ids.ts';
import type { Leaf, LeafParent } from '../model/leaf.ts';
import { AGENT_TOOLS } from './payload.ts';
import type { ToolCall } from './session-calls.ts';

/** Servers of tools, which the client calls by a protocol. */
const MCP_PREFIX = 'mcp__';

const FAILURES = { failed: 'tool_failure', denied: 'tool_denied', refused: 'tool_refused' } as const;

/** Of the calls that an activity made, in their order; none of those that are activities of their own: agents, skills. */
export function toolLeaves(calls: readonly ToolCall[], parent: LeafParent): Leaf[] {
  let ahead: number[] = [];
  return calls.flatMap(call => {
    ahead = ahead.filter(end => end > call.startAt);
    const leaf = call.tool === 'Skill' || AGENT_TOOLS.includes(call.tool) ? [] : toolLeaf(call, parent, ahead);
    if (call.endAt !== null) ahead = [...ahead, call.endAt];
    return leaf;
  });
}

function toolLeaf(call: ToolCall, parent: LeafParent, ahead: readonly number[]): Leaf {
  const { id, tool, startAt, failure, message } = call;
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
    ahead,
    error: failureOf(call.endAt, failure, message),
  };
}

function failureOf(endAt: number | null, failure: ToolCall['failure'], message: string): Leaf['error'] {
  // The client was stopped meanwhile, or killed.
  if (endAt === null) return { type: 'no_result', message: 'no result was written' };
  return failure && { type: FAILURES[failure], message };
}
