/** The prompts and the results of a transcript. Pure. */
import { failureMessage } from '../model/redact.ts';
import { repeatedFromIn } from './answer.ts';
import { AGENT_TOOLS, object, type Payload, text } from './payload.ts';
import { isNotification, reportedTasks } from './prompt-origin.ts';
import type { PromptItem, ResultItem } from './transcript-item.ts';

/** Results of tools that never ran, for which the client calls no hook. */
const REFUSED =
  /^(<tool_use_error>|The user doesn't want to (proceed|take this action)|Claude requested permissions? |Permission to use |\[Request interrupted by user|User rejected )/;
/** What the client writes into the conversation itself: no prompt, and nothing that ends one. */
const NO_PROMPT = /^(<local-command-caveat>|Caveat: |<bash-(input|stdout|stderr)>|<user-memory-input>)/;
const LOCAL_OUTPUT = /^<local-command-(stdout|stderr)>/;
const INTERRUPTED = '[Request interrupted by user';
const AGENT_ID = /\bagentId: ?([\w-]{1,128})/;
const MAX_TEXT = 65_536;

/** A record of a user that is no result of a tool. `own`: the client wrote it, and no prompt begins with it. */
export interface Spoken {
  kind: 'interrupt' | 'local' | 'own' | 'prompt';
  text: string;
}

export function spokenIn(record: Payload): Spoken {
  const { content } = object(record.message);
  const blocks = Array.isArray(content) ? content.map(object) : [];
  const said = typeof content === 'string' ? content : blocks.map(block => text(block.text) ?? '').join('\n');
  const start = said.slice(0, MAX_TEXT).trimStart();
  const isMarked = record.isMeta === true || record.turnCompanion === true || record.isCompactSummary === true;
  const isOwn = isMarked || NO_PROMPT.test(start) || isReminder(start);
  if (start.startsWith(INTERRUPTED)) return { kind: 'interrupt', text: start };
  if (LOCAL_OUTPUT.test(start)) return { kind: 'local', text: start };
  return { kind: isOwn ? 'own' : 'prompt', text: start };
}

const isReminder = (said: string): boolean =>
  said.startsWith('<system-reminder>') && said.trimEnd().endsWith('</system-reminder>');

export function promptItem(record: Payload, said: string, at: number): PromptItem {
  const prompt: PromptItem = {
    kind: 'prompt',
    at,
    uuid: text(record.uuid) ?? '',
    prompt: text(record.promptId),
    origin: 'human',
    cwd: text(record.cwd),
    branch: text(record.gitBranch) || undefined,
    repeatedFrom: repeatedFromIn(record),
  };
  const kind = text(object(record.origin).kind);
  if (isNotification(said) || record.promptSource === 'system' || kind === 'task-notification') {
    return { ...prompt, origin: 'system', ...reportedTasks(said) };
  }
  const command = /<command-name>\/?([^<]{1,256})<\/command-name>/.exec(said.slice(0, 2048))?.[1];
  // The client writes the name first for those that it answers itself, as /clear and /compact.
  if (said.startsWith('<command-name>')) return { ...prompt, origin: 'local', command };
  if (said.startsWith('<command-message>') || said.startsWith('<command-args>')) return { ...prompt, command };
  // A skill that runs as an agent of its own is written as it was typed, and answered like a local command.
  return { ...prompt, slash: /^\/([\w:.-]{1,128})(?:\s|$)/.exec(said)?.[1] };
}

export function resultItem(record: Payload, block: Payload, at: number, tool_use: string, tool: string): ResultItem {
  const said = contentText(block.content);
  const item: ResultItem = { kind: 'result', at, tool_use, tool };
  if (block.is_error === true) {
    const denial = text(record.toolDenialKind);
    const isRefused = denial !== undefined || REFUSED.test(said);
    item.failure = denial === 'automode-blocked' ? 'denied' : isRefused ? 'refused' : 'failed';
    item.message = failureMessage(said);
    return item;
  }
  const outcome = object(record.toolUseResult);
  // In the files of agents the client leaves the outcome out; the text for the model names the agent.
  item.child = text(outcome.agentId) ?? (AGENT_TOOLS.includes(tool) ? AGENT_ID.exec(said)?.[1] : undefined);
  item.status = text(outcome.status) ?? (outcome.isAsync === true ? 'async_launched' : 'completed');
  return item;
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content.slice(0, MAX_TEXT);
  if (!Array.isArray(content)) return '';
  const texts = content.map(block => text(object(block).text) ?? '');
  return texts.join('\n').slice(0, MAX_TEXT);
}
