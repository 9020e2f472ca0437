/**
 * Hook payload of Claude Code → fact. Pure: the payload decides everything, the fold gives it meaning.
 *
 * Names, ids, times and outcomes are kept; prompts, arguments, tool inputs and outputs are not.
 */
import type { ClaudeCodeFact, PromptFact } from '../model/client-fact.ts';
import { FACT_VERSION, type Fact, PLAIN_PROMPT, type ProcessIdentity } from '../model/fact.ts';
import { limitText, MAX_NAME } from '../model/limit-text.ts';
import { failureMessage } from '../model/redact.ts';
import {
  AGENT_TOOLS,
  agentType,
  isNotification,
  label,
  name,
  object,
  type Payload,
  reportedTasks,
  skillName,
  text,
} from './payload.ts';

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
const SILENT = new Set(
  (
    'Setup PermissionRequest PostToolBatch TeammateIdle TaskCreated TaskCompleted PreCompact PostCompact PreModelSwitch ' +
    'PostModelSwitch Notification ConfigChange InstructionsLoaded CwdChanged FileChanged DirectoryAdded WorktreeCreate ' +
    'WorktreeRemove Elicitation ElicitationResult MessageDisplay'
  ).split(' '),
);

/** The fact of a payload; null if it says nothing that is kept. */
export function hookFact(payload: Payload, context: HookContext): Fact | null {
  const event = text(payload.hook_event_name) ?? '';
  const session = text(payload.session_id);
  if (SILENT.has(event)) return null;
  const fact = session === undefined ? undefined : clientFact(event, payload, context, session);
  if (fact !== undefined) return fact;
  return { ...base(context, session), kind: 'other', event: limitText(event, MAX_NAME) };
}

const base = (context: HookContext, session: string | undefined) =>
  ({ v: FACT_VERSION, at: context.now, source: 'hook', session }) as const;

/** The fact, null for one to leave out, undefined for an event that this version does not know. */
function clientFact(
  event: string,
  payload: Payload,
  context: HookContext,
  session: string,
): ClaudeCodeFact | null | undefined {
  const agent = text(payload.agent_id);
  const common = { ...base(context, session), session, prompt: text(payload.prompt_id), agent };
  switch (event) {
    case 'SessionStart': {
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
    }
    case 'SessionEnd':
      return { ...common, kind: 'session_end', reason: text(payload.reason) ?? 'other' };
    case 'UserPromptSubmit':
      return {
        ...common,
        kind: 'prompt',
        ...promptOrigin(payload),
        cwd: text(payload.cwd),
        title: title(payload, context),
        transcript: text(payload.transcript_path),
        // What begins with a slash is most likely a command, whose stage comes with its name.
        stage: text(payload.prompt)?.startsWith('/') ? undefined : context.stageOf(PLAIN_PROMPT),
        process: context.client(),
      };
    case 'UserPromptExpansion': {
      const given = text(payload.command_name);
      if (given === undefined) return undefined;
      const name = limitText(given, MAX_NAME);
      return { ...common, kind: 'command', name, stage: context.stageOf(`/${name}`) };
    }
    case 'Stop':
      return { ...common, kind: 'stop' };
    case 'StopFailure': {
      const message = failureMessage(text(payload.error_details) ?? text(payload.last_assistant_message) ?? '');
      return {
        ...common,
        kind: 'stop_failure',
        error: text(payload.error) ?? 'unknown',
        message: message || undefined,
      };
    }
    case 'SubagentStart':
    case 'SubagentStop': {
      // Some clients sent SubagentStop for the main session, without an agent.
      if (agent === undefined) return null;
      // What the client does for itself, as when it compacts, ends like an agent without a type that never began.
      if (event === 'SubagentStop') return payload.agent_type === '' ? null : { ...common, kind: 'agent_end', agent };
      const type = name(payload.agent_type, 'agent');
      return { ...common, kind: 'agent_start', agent, name: type, stage: context.stageOf(type) };
    }
    case 'PreToolUse':
    case 'PostToolUse':
    case 'PostToolUseFailure':
    case 'PermissionDenied':
      return toolFact(event, payload, context, common);
    default:
      return undefined;
  }
}

type Common = Pick<ClaudeCodeFact, 'v' | 'at' | 'source' | 'session' | 'prompt' | 'agent'>;

function toolFact(
  event: string,
  payload: Payload,
  context: HookContext,
  common: Common,
): ClaudeCodeFact | null | undefined {
  const tool_use = text(payload.tool_use_id);
  const tool = text(payload.tool_name);
  if (tool_use === undefined || tool === undefined) return undefined;
  if (event === 'PostToolUseFailure' || event === 'PermissionDenied') {
    return {
      ...common,
      kind: event === 'PermissionDenied' ? 'tool_denied' : 'tool_failure',
      tool_use,
      name: name(tool, 'tool'),
      message: failureMessage(text(payload.error) ?? text(payload.reason) ?? ''),
    };
  }
  const input = object(payload.tool_input);
  if (event === 'PreToolUse') {
    if (tool === 'Skill') {
      const skill = skillName(input);
      return { ...common, kind: 'skill_call', tool_use, name: skill, stage: context.stageOf(skill) };
    }
    if (!AGENT_TOOLS.includes(tool)) return null;
    const description = context.labels ? label(input.description) : undefined;
    return { ...common, kind: 'agent_call', tool_use, name: agentType(input), label: description };
  }
  const response = object(payload.tool_response);
  const child = text(response.agentId);
  // Most skills are only loaded by their tool; the work follows.
  if (tool === 'Skill') return child === undefined ? null : { ...common, kind: 'skill_return', tool_use, child };
  if (!AGENT_TOOLS.includes(tool)) return null;
  return {
    ...common,
    kind: 'agent_return',
    tool_use,
    child,
    status: text(response.status) ?? 'completed',
  };
}

/** Whether the client sent the prompt itself. `source` may be missing, so a notification is known by its text too. */
function promptOrigin(payload: Payload): Pick<PromptFact, 'system' | 'about' | 'outcomes'> {
  const prompt = text(payload.prompt) ?? '';
  const source = text(payload.source);
  const system = isNotification(prompt) || (source !== undefined && source !== 'user' && source !== 'sdk');
  if (!system) return {};
  const { about, outcomes } = reportedTasks(prompt);
  return about.length > 0 ? { system, about, outcomes } : { system };
}

/** Clients make titles out of prompts: a label like any other. */
const title = (payload: Payload, context: HookContext): string | undefined =>
  context.labels ? label(payload.session_title) : undefined;
