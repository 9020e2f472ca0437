// Turns of a session: what the human says, the work that follows, and how it ends.
import { outputFileOf } from './agents.mjs';
import { writeMessage } from './messages.mjs';
import { writeLocalCommand, writePrompt } from './prompts.mjs';
import * as records from './records.mjs';
import { callRemainingAgents, newToolUseId, work, writeAnswer } from './work.mjs';

const { pass, writeLinked, writeNote, writeSystem, writeUser } = records;

const INTERRUPTED = '[Request interrupted by user]';
const INTERRUPTED_TOOL = '[Request interrupted by user for tool use]';
const DENIED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the " +
  'new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to proceed.';
const API_ERRORS = [
  {
    text: 'API Error: 529 Overloaded. This is a server-side issue, usually temporary.',
    error: 'overloaded',
    status: 529,
  },
  { text: "You've hit your session limit · resets 9:50pm (Europe/Berlin)", error: 'rate_limit', status: 429 },
  { text: 'API Error: 500 Internal server error', error: 'server_error', status: 500 },
];
const CONTINUED = 'This session is being continued from a previous conversation that ran out of context.';
const FRESH_CONTEXT_TOKENS = 18_000;

/** Of all turns of the tree, each n-th is of that kind: so that small trees have all kinds too. */
const isEach = (number, every, first) => number % every === first;
const isLocalCommand = number => isEach(number, 30, 5);
const isCommand = number => isEach(number, 3, 1);
const isInterrupted = number => isEach(number, 22, 7) || isEach(number, 22, 13);
const isApiError = number => isEach(number, 18, 11);
const hasUnknownRecord = number => isEach(number, 13, 3);

function queue(thread, content) {
  const at = records.timestamp(thread);
  writeNote(thread, { type: 'queue-operation', operation: 'enqueue', timestamp: at, content });
  writeNote(thread, { type: 'queue-operation', operation: 'dequeue', timestamp: at });
}

function writeSnapshot(thread) {
  const messageId = thread.world.random.uuid();
  const snapshot = { messageId, trackedFileBackups: {}, timestamp: records.timestamp(thread) };
  thread.file.write({ type: 'file-history-snapshot', messageId, snapshot, isSnapshotUpdate: false });
}

/** The context is full: a summary takes its place, and the chain begins anew. */
function compact(thread) {
  const { world } = thread;
  world.truth.compactions++;
  const preTokens = thread.contextTokens;
  thread.contextTokens = FRESH_CONTEXT_TOKENS;
  thread.compactedAt = thread.messages;
  const compactMetadata = { trigger: 'auto', preTokens, postTokens: FRESH_CONTEXT_TOKENS, durationMs: 41_000 };
  const chain = { parentUuid: null, logicalParentUuid: thread.parentUuid };
  writeSystem(thread, 'compact_boundary', {
    ...chain,
    content: 'Conversation compacted',
    isMeta: false,
    level: 'info',
    compactMetadata,
  });
  const flags = { isVisibleInTranscriptOnly: true, isCompactSummary: true };
  writeUser(thread, `${CONTINUED}\n${world.filler.text(6_000)}`, { flags });
}

/** The user stops the model: while it speaks, or by saying no to a tool. */
function interrupt(thread) {
  const { world, session } = thread;
  const { truth, filler } = world;
  truth.interruptedRuns++;
  if (truth.interruptedRuns % 2) {
    writeMessage(thread, [{ type: 'text', text: filler.text(300) }], { stopReason: null, isCutOff: true });
    writeUser(thread, [{ type: 'text', text: INTERRUPTED }]);
    return;
  }
  truth.toolCalls++;
  truth.deniedTools++;
  const id = newToolUseId(world);
  const input = { command: `git push --force origin ${filler.word()}`, description: filler.words(4) };
  const [uuid] = writeMessage(thread, [{ type: 'tool_use', id, name: 'Bash', input }], { stopReason: 'tool_use' });
  writeUser(thread, [{ type: 'tool_result', content: DENIED, is_error: true, tool_use_id: id }], {
    toolUseResult: 'User rejected tool use',
    sourceToolAssistantUUID: session.isOld ? undefined : uuid,
    toolDenialKind: session.isOld ? undefined : 'user-rejected',
  });
  writeUser(thread, [{ type: 'text', text: INTERRUPTED_TOOL }]);
}

function failRequest(thread) {
  const { random } = thread.world;
  for (let retryAttempt = 1; retryAttempt <= 3; retryAttempt++) {
    const error = { status: 529, error: { type: 'overloaded_error', message: 'Overloaded' } };
    writeSystem(thread, 'api_error', {
      level: 'error',
      error,
      retryInMs: 600 * retryAttempt,
      retryAttempt,
      maxRetries: 10,
    });
    pass(thread, 600, 4_000);
  }
  records.writeApiError(thread, random.pick(API_ERRORS));
}

function closeTurn(thread, { prompt, began }) {
  const { session, world } = thread;
  if (session.isOld) return;
  if (session.hasHooks) {
    writeSystem(thread, 'stop_hook_summary', {
      hookCount: 1,
      hookInfos: [{ command: 'node .claude/hooks/stop.js', durationMs: 31 }],
      hookErrors: [],
      preventedContinuation: false,
      stopReason: '',
      hasOutput: false,
      level: 'suggestion',
      toolUseID: world.random.uuid(),
    });
  }
  const messageCount = thread.messages;
  if (session.isTyped) {
    writeSystem(thread, 'turn_duration', { durationMs: thread.clock - began, messageCount, isMeta: false });
  }
  writeNote(thread, { type: 'last-prompt', lastPrompt: prompt, leafUuid: thread.parentUuid });
  if (session.turns === 1) writeNote(thread, { type: 'ai-title', aiTitle: world.filler.words(5) });
}

function writeUnknown(thread, number) {
  const { filler } = thread.world;
  if (number % 2) writeNote(thread, { type: 'frame-link', frame: number, label: filler.words(3) });
  else writeLinked(thread, { type: 'reasoning-digest', digest: filler.words(9), usage: { tokens: number } });
}

/** A turn that a human began. */
export function writeTurn(session) {
  const { thread, world } = session;
  const number = world.turns++;
  session.turns++;
  pass(thread, 2_000, 2_400_000);
  thread.promptId = world.random.uuid();
  thread.skill = undefined;
  if (isLocalCommand(number)) return writeLocalCommand(thread);
  if (session.isTyped) writeSnapshot(thread);
  else if (!session.isOld) queue(thread, world.filler.words(6));
  const began = thread.clock;
  const prompt = writePrompt(thread, { isCommand: isCommand(number) });
  work(thread, Math.max(1, Math.min(session.messagesLeft - 1, world.random.between(2, 14))));
  if (session.messagesLeft <= 1) callRemainingAgents(thread);
  if (thread.messages - (thread.compactedAt ?? 0) >= world.plan.compactEvery) compact(thread);
  session.messagesLeft--;
  if (isInterrupted(number)) interrupt(thread);
  else if (isApiError(number)) failRequest(thread);
  else writeAnswer(thread);
  if (hasUnknownRecord(number)) writeUnknown(thread, number);
  closeTurn(thread, { prompt, began });
}

/** A turn that the end of a background agent began. */
export function writeNotification(session, { agent, call, ending, text, totals, endedAt }) {
  const { thread, world } = session;
  world.truth.notifications++;
  thread.clock = Math.max(thread.clock, endedAt);
  pass(thread, 100, 3_000);
  thread.promptId = world.random.uuid();
  thread.skill = undefined;
  const sums = `<subagent_tokens>${totals.tokens}</subagent_tokens><tool_uses>${totals.toolUses}</tool_uses>`;
  const content = [
    '<task-notification>',
    `<task-id>${agent.id}</task-id>`,
    `<tool-use-id>${call.id}</tool-use-id>`,
    `<output-file>${outputFileOf({ session, agent })}</output-file>`,
    `<status>${ending}</status>`,
    `<summary>Agent "${call.input.description}" ${ending}</summary>`,
    ...(text ? [`<result>${text}</result>`] : []),
    `<usage>${sums}<duration_ms>${totals.millis}</duration_ms></usage>`,
    '</task-notification>',
  ].join('\n');
  queue(thread, content);
  writeUser(thread, content, { origin: { kind: 'task-notification' }, promptSource: 'system' });
  session.messagesLeft--;
  writeAnswer(thread);
}
