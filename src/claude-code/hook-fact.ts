/**
 * Hook payload of Claude Code → fact. Pure: the payload decides everything, the fold gives it meaning.
 *
 * Names, ids, times and outcomes are kept; prompts, arguments, tool inputs and outputs are not.
 */
import type { ClaudeCodeFact } from '../model/client-fact.ts';
import { FACT_VERSION, type Fact, PLAIN_PROMPT, type ProcessIdentity } from '../model/fact.ts';
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import { failureMessage } from '../model/redact.ts';
import { label } from './label.ts';
import { AGENT_TOOLS, agentType, name, object, type Payload, skillName, text } from './payload.ts';
import { promptOrigin } from './prompt-origin.ts';

export interface HookContext {
  /** Milliseconds since 1970. */
  now: number;
  /** Keep an agent's `description` as its label. */
  labels: boolean;
  /** The branch checked out in a folder, for the start of a session. */
  branchOf(folder: string): string | undefined;
  /** Stage of what has this name, by the rules of the settings. */
  stageOf(name: string): string | undefined;
  /** The client. */
  client(): ProcessIdentity | undefined;
}

/** Events that say nothing about commands, agents, skills or failures; they leave no fact. */
const SILENT =
  'Setup PermissionRequest PostToolBatch TeammateIdle TaskCreated TaskCompleted PreCompact PostCompact PreModelSwitch ' +
  'PostModelSwitch Notification ConfigChange InstructionsLoaded CwdChanged FileChanged DirectoryAdded WorktreeCreate ' +
  'WorktreeRemove Elicitation ElicitationResult MessageDisplay';

/** The fact of a payload; null if it says nothing that is kept. */
export function hookFact(payload: Payload, context: HookContext): Fact | null {
  const event = text(payload.hook_event_name) ?? '';
  const session = text(payload.session_id);
  const base = { v: FACT_VERSION, at: context.now, source: 'hook', session } as const;
  if (session !== undefined && Object.hasOwn(FACTS, event)) {
    const common = { ...base, session, prompt: text(payload.prompt_id), agent: text(payload.agent_id) };
    const fact = FACTS[event]?.(payload, context, common);
    if (fact !== undefined) return fact;
  }
  return SILENT.split(' ').includes(event) ? null : { ...base, kind: 'other', event: limitText(event, MAX_NAME) };
}

type Common = Pick<ClaudeCodeFact, 'v' | 'at' | 'source' | 'session' | 'prompt' | 'agent'>;

/** The fact, null for one to leave out, undefined for a payload that this version does not know. */
type FactOf = (payload: Payload, context: HookContext, common: Common) => ClaudeCodeFact | null | undefined;

/** One function for each event: a hook is a new process each time, which compiles those that it calls. */
const FACTS: { [event: string]: FactOf } = {
  SessionStart(payload, context, common) {
    const cwd = text(payload.cwd);
    return {
      ...common,
      kind: 'session_start',
      reason: text(payload.source) ?? 'startup',
      cwd,
      branch: cwd === undefined ? undefined : context.branchOf(cwd),
      title: title(payload, context),
      transcript: text(payload.transcript_path),
    };
  },

  SessionEnd: (payload, _, common) => ({ ...common, kind: 'session_end', reason: text(payload.reason) ?? 'other' }),

  UserPromptSubmit: (payload, context, common) => ({
    ...common,
    kind: 'prompt',
    ...promptOrigin(payload),
    cwd: text(payload.cwd),
    title: title(payload, context),
    transcript: text(payload.transcript_path),
    // What begins with a slash is most likely a command, whose stage comes with its name.
    stage: text(payload.prompt)?.startsWith('/') ? undefined : context.stageOf(PLAIN_PROMPT),
    process: context.client(),
  }),

  UserPromptExpansion(payload, context, common) {
    const given = text(payload.command_name);
    if (given === undefined) return undefined;
    const name = limitText(given, MAX_NAME);
    return { ...common, kind: 'command', name, stage: context.stageOf(`/${name}`) };
  },

  Stop: (_payload, _context, common) => ({ ...common, kind: 'stop' }),

  StopFailure(payload, _, common) {
    const message = failureMessage(text(payload.error_details) ?? text(payload.last_assistant_message) ?? '');
    return {
      ...common,
      kind: 'stop_failure',
      error: text(payload.error) ?? 'unknown',
      message: message || undefined,
    };
  },

  // Some clients sent SubagentStop for the main session, without an agent.
  SubagentStart(payload, context, common) {
    const { agent } = common;
    if (agent === undefined) return null;
    const type = name(payload.agent_type, 'agent');
    return { ...common, kind: 'agent_start', agent, name: type, stage: context.stageOf(type) };
  },

  SubagentStop(payload, _, common) {
    const { agent } = common;
    // What the client does for itself, as when it compacts, ends like an agent without a type that never began.
    return agent === undefined || payload.agent_type === '' ? null : { ...common, kind: 'agent_end', agent };
  },

  PreToolUse(payload, context, common) {
    const tool_use = text(payload.tool_use_id);
    const tool = text(payload.tool_name);
    if (tool_use === undefined || tool === undefined) return undefined;
    const input = object(payload.tool_input);
    if (tool === 'Skill') {
      const skill = skillName(input);
      return { ...common, kind: 'skill_call', tool_use, name: skill, stage: context.stageOf(skill) };
    }
    if (!AGENT_TOOLS.includes(tool)) return null;
    const description = context.labels ? label(input.description) : undefined;
    return { ...common, kind: 'agent_call', tool_use, name: agentType(input), label: description };
  },

  PostToolUse(payload, _, common) {
    const tool_use = text(payload.tool_use_id);
    const tool = text(payload.tool_name);
    if (tool_use === undefined || tool === undefined) return undefined;
    const response = object(payload.tool_response);
    const child = text(response.agentId);
    // Most skills are only loaded by their tool; the work follows.
    if (tool === 'Skill') return child === undefined ? null : { ...common, kind: 'skill_return', tool_use, child };
    if (!AGENT_TOOLS.includes(tool)) return null;
    return { ...common, kind: 'agent_return', tool_use, child, status: text(response.status) ?? 'completed' };
  },

  PostToolUseFailure: (payload, _, common) => toolFailure('tool_failure', payload, common),

  PermissionDenied: (payload, _, common) => toolFailure('tool_denied', payload, common),
};

function toolFailure(
  kind: 'tool_failure' | 'tool_denied',
  payload: Payload,
  common: Common,
): ClaudeCodeFact | undefined {
  const tool_use = text(payload.tool_use_id);
  const tool = text(payload.tool_name);
  if (tool_use === undefined || tool === undefined) return undefined;
  const message = failureMessage(text(payload.error) ?? text(payload.reason) ?? '');
  return { ...common, kind, tool_use, name: name(tool, 'tool'), message };
}

/** Clients make titles out of prompts: a label like any other. */
const title = (payload: Payload, context: HookContext): string | undefined =>
  context.labels ? label(payload.session_title) : undefined;
