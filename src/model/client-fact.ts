/** Facts of Claude Code: what its hooks said, or what they would have said if its transcripts tell it. */
import type { FactBase, ProcessIdentity } from './fact.ts';

/** What Claude Code said through its hooks; keys are the client's own, prompts and tool contents are left out. */
interface ClientFact extends FactBase {
  session: string;
  /** The client's id of the human or system prompt that this belongs to (absent before client 2.1.196). */
  prompt?: string;
  /** Set inside a subagent only: the agent that acts. */
  agent?: string;
}
export interface SessionStartFact extends ClientFact {
  kind: 'session_start';
  reason: string;
  cwd?: string;
  branch?: string;
  title?: string;
  transcript?: string;
}
export interface SessionEndFact extends ClientFact {
  kind: 'session_end';
  reason: string;
}
export interface PromptFact extends ClientFact {
  kind: 'prompt';
  /** True if the client itself sent the prompt: a background agent reported, a timer fired. */
  system?: boolean;
  /** Ids that a system prompt speaks of (agents that reported). */
  about?: string[];
  /** How each of them ended, in the client's words; an empty text where it does not say. */
  outcomes?: string[];
  cwd?: string;
  title?: string;
  transcript?: string;
  /** Stage by the rules in the settings, here and below; absent if no rule fits the name. */
  stage?: string;
  /** The client. */
  process?: ProcessIdentity;
}
/** The prompt turned out to be a custom command; `name` has no slash. */
export interface CommandFact extends ClientFact {
  kind: 'command';
  name: string;
  stage?: string;
}
export interface StopFact extends ClientFact {
  kind: 'stop';
  /** The person broke it off. No hook tells this; transcripts do. */
  interrupted?: boolean;
}
export interface StopFailureFact extends ClientFact {
  kind: 'stop_failure';
  error: string;
  message?: string;
}
export interface AgentCallFact extends ClientFact {
  kind: 'agent_call';
  tool_use: string;
  name: string;
  label?: string;
}
export interface AgentReturnFact extends ClientFact {
  kind: 'agent_return';
  tool_use: string;
  child?: string;
  status: string;
}
export interface AgentStartFact extends ClientFact {
  kind: 'agent_start';
  agent: string;
  name: string;
  stage?: string;
}
export interface AgentEndFact extends ClientFact {
  kind: 'agent_end';
  agent: string;
}
export interface SkillCallFact extends ClientFact {
  kind: 'skill_call';
  tool_use: string;
  name: string;
  stage?: string;
}
/** A skill that an agent of its own did (`child`) is done. */
export interface SkillReturnFact extends ClientFact {
  kind: 'skill_return';
  tool_use: string;
  child: string;
}
export interface ToolFailureFact extends ClientFact {
  kind: 'tool_failure' | 'tool_denied';
  tool_use: string;
  name: string;
  message: string;
}
/** A person decided whether a tool may run; the client waited for it. Of no weight for the tree: traces show the wait. */
export interface ToolWaitFact extends ClientFact {
  kind: 'tool_wait';
  tool_use: string;
  name: string;
  /** In the client's words: `user_temporary`, `user_permanent`, `user_reject`, `user_abort`. */
  decision: string;
}
export type ClaudeCodeFact =
  | SessionStartFact
  | SessionEndFact
  | PromptFact
  | CommandFact
  | StopFact
  | StopFailureFact
  | AgentCallFact
  | AgentReturnFact
  | AgentStartFact
  | AgentEndFact
  | SkillCallFact
  | SkillReturnFact
  | ToolFailureFact
  | ToolWaitFact;
