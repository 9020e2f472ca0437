// Agents: a call in the thread of the caller, a transcript of its own, a sidecar, and the answer or a later notification.
import { writeFileSync } from 'node:fs';
import { createThread, pass, writeAttachment, writeUser } from './records.mjs';
import { openTranscript } from './transcript-file.mjs';

const TYPES = ['builder', 'tester', 'Explore', 'general-purpose', 'reviewer'];
const MODELS = ['claude-sonnet-5', 'claude-haiku-4-5-20251001', 'claude-opus-4-8'];
const BACKGROUND_EVERY = 2;
const NESTED_EVERY = 6;
const ENDINGS = ['completed', 'completed', 'killed', 'completed', 'failed', 'completed', 'completed'];

/** In which way the next agent runs. One that calls an agent itself has that one set aside, so that nobody else takes it. */
function nextRun(caller) {
  const { session, world } = caller;
  const { truth } = world;
  const number = truth.agents++;
  const depth = (caller.agent?.depth ?? 0) + 1;
  if (depth > 1) {
    truth.nestedAgents++;
    return { number, depth, isBackground: false, nestedLeft: 0 };
  }
  session.agentsLeft--;
  const isBackground = !session.isOld && number >= world.next.background;
  const isCaller = !session.isOld && !isBackground && session.agentsLeft > 0 && number >= world.next.caller;
  if (isBackground) {
    truth.backgroundAgents++;
    world.next.background = number + BACKGROUND_EVERY;
  }
  if (isCaller) {
    session.agentsLeft--;
    world.next.caller = number + NESTED_EVERY;
  }
  return { number, depth, isBackground, nestedLeft: isCaller ? 1 : 0 };
}

/** Takes the next agent of the plan: who it is, the call of the tool, how it runs and ends. */
export function openAgent(caller) {
  const { world, session } = caller;
  const { random, filler, truth } = world;
  const { number, isBackground, depth, nestedLeft } = nextRun(caller);
  const ending = isBackground ? ENDINGS[truth.backgroundAgents % ENDINGS.length] : 'completed';
  if (ending === 'killed') truth.killedAgents++;
  const type = random.pick(TYPES);
  const agent = { id: `a${random.hex16()}`, type, model: random.pick(MODELS), depth, nestedLeft };
  const input = {
    description: `${type} ${filler.words(3)}`,
    prompt: filler.text(random.between(200, 1_800)),
    subagent_type: type,
    // Left out by half of the callers, as it is optional.
    run_in_background: session.isOld || (!isBackground && number % 2) ? undefined : isBackground,
  };
  const call = { id: `toolu_01${random.base62(22)}`, name: session.isOld ? 'Task' : 'Agent', input };
  return { agent, call, isBackground, ending, weight: world.agentWeights[number] };
}

function openFile({ world, session }, { agent, call }) {
  const base = `${session.folder}/subagents/agent-${agent.id}`;
  const file = openTranscript(`${base}.jsonl`, { truth: world.truth, isSpaced: session.isSpaced });
  world.truth.files++;
  world.truth.subagentFiles++;
  if (session.isOld) return file;
  world.truth.metaFiles++;
  const { description } = call.input;
  const meta = { agentType: agent.type, description, toolUseId: call.id, spawnDepth: agent.depth };
  writeFileSync(`${base}.meta.json`, JSON.stringify(meta));
  return file;
}

/** Writes the transcript of an agent from its prompt to its last word. */
function runAgent(caller, opened, { work, answer }) {
  const { world, session } = caller;
  const { agent, call, ending } = opened;
  const file = openFile(caller, opened);
  const thread = createThread({ world, session, file, agent, promptId: caller.promptId, clock: caller.clock });
  thread.skill = caller.skill;
  pass(thread, 10, 80);
  writeUser(thread, call.input.prompt);
  if (!session.isOld) writeAttachment(thread, world.skillListing);
  const messages = Math.max(1 + agent.nestedLeft, world.agentShares.next(opened.weight) - 1);
  work(thread, messages);
  const text = ending === 'completed' ? answer(thread) : '';
  if (ending === 'killed') file.breakLine({ isEnd: true });
  file.close(thread.clock);
  world.agentShares.take(thread.messages);
  const totals = { tokens: thread.contextTokens, toolUses: messages, millis: thread.clock - caller.clock };
  return { ...opened, text, totals, usage: thread.lastUsage, endedAt: thread.clock };
}

const toolStats = count => ({
  readCount: 0,
  searchCount: 0,
  bashCount: count,
  editFileCount: 0,
  linesAdded: 0,
  linesRemoved: 0,
  otherToolCount: 0,
});

function writeAnswerOf(caller, { agent, call, text, totals, usage, assistantUuid }) {
  const { isOld } = caller.session;
  const again = `agentId: ${agent.id} (use SendMessage with to: '${agent.id}', summary: '<5-10 word recap>' to continue this agent)`;
  const sums = `<usage>subagent_tokens: ${totals.tokens}\ntool_uses: ${totals.toolUses}\nduration_ms: ${totals.millis}</usage>`;
  const content = [{ type: 'text', text }];
  const told = [...content, { type: 'text', text: `${again}\n${sums}` }];
  const result = {
    status: 'completed',
    prompt: call.input.prompt,
    agentId: agent.id,
    agentType: isOld ? undefined : agent.type,
    content,
    resolvedModel: isOld ? undefined : agent.model,
    totalDurationMs: totals.millis,
    totalTokens: totals.tokens,
    totalToolUseCount: totals.toolUses,
    usage,
    toolStats: isOld ? undefined : toolStats(totals.toolUses),
  };
  caller.parentUuid = assistantUuid;
  writeUser(caller, [{ tool_use_id: call.id, type: 'tool_result', content: told }], {
    toolUseResult: caller.agent ? undefined : result,
    sourceToolAssistantUUID: isOld ? undefined : assistantUuid,
  });
}

export const outputFileOf = ({ session, agent }) => `/tmp/claude-1000/${session.slug}/tasks/${agent.id}.output`;

function writeLaunch(caller, { agent, call, assistantUuid }) {
  const outputFile = outputFileOf({ session: caller.session, agent });
  const text =
    'Async agent launched successfully.\n' +
    `agentId: ${agent.id} (internal ID - do not mention to user. Use SendMessage with to: '${agent.id}' to continue this agent.)\n` +
    'The agent is working in the background. You will be notified automatically when it completes.\n' +
    `output_file: ${outputFile}`;
  caller.parentUuid = assistantUuid;
  writeUser(caller, [{ tool_use_id: call.id, type: 'tool_result', content: [{ type: 'text', text }] }], {
    toolUseResult: {
      isAsync: true,
      status: 'async_launched',
      agentId: agent.id,
      description: call.input.description,
      resolvedModel: agent.model,
      prompt: call.input.prompt,
      outputFile,
      canReadOutputFile: true,
    },
    sourceToolAssistantUUID: assistantUuid,
  });
}

/** Runs agents that one response called. The caller goes on when the last of those that it waits for has ended. */
export function answerAgents(caller, called, how) {
  const ended = called.map(opened => runAgent(caller, opened, how));
  for (const run of ended.filter(({ isBackground }) => isBackground)) {
    writeLaunch(caller, run);
    caller.session.pending.push(run);
  }
  const awaited = ended.filter(({ isBackground }) => !isBackground).sort((a, b) => a.endedAt - b.endedAt);
  for (const run of awaited) {
    caller.clock = Math.max(caller.clock, run.endedAt);
    writeAnswerOf(caller, run);
  }
}
