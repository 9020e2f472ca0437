// The model at work: responses that call tools, and what the tools answer. Agents are called here, and work in the same way.
import { answerAgents, openAgent } from './agents.mjs';
import { thinkingBlock, writeMessage } from './messages.mjs';
import { pass, writeAttachment, writeHookRun, writeUser } from './records.mjs';
import { failed, pickTool } from './tools.mjs';

const THINKING_SHARE = 0.25;
const TEXT_SHARE = 0.26;
const PARALLEL_SHARE = 0.13;
const FAILED_EVERY = 17;
const SKILL_EVERY = 41;
const FIRST_SKILL = 6;
export const SKILLS = ['report-writer', 'prototype-builder', 'db:migrate', 'review-notes', 'release-check'];

export const newToolUseId = world => `toolu_01${world.random.base62(22)}`;

/** What the model says before it calls tools. */
function opening({ random, filler }) {
  const thinking = random.chance(THINKING_SHARE) ? [thinkingBlock({ random, filler })] : [];
  const text = random.chance(TEXT_SHARE) ? [{ type: 'text', text: filler.text(random.between(60, 500)) }] : [];
  return [...thinking, ...text];
}

function nextCall(thread) {
  const { world } = thread;
  const number = world.truth.toolCalls++;
  const id = newToolUseId(world);
  const call = pickTool(thread);
  if (number % FAILED_EVERY !== FAILED_EVERY - 1) return { ...call, id };
  world.truth.failedTools++;
  return { ...failed(world, call), id };
}

function writeResult(thread, call, assistantUuid) {
  const { session, agent } = thread;
  thread.parentUuid = assistantUuid;
  if (session.hasHooks) writeHookRun(thread, { event: 'PreToolUse', tool: call.name, toolUseId: call.id });
  pass(thread, 20, call.name === 'Bash' ? 20_000 : 900);
  const block = call.isError
    ? { type: 'tool_result', content: call.content, is_error: true, tool_use_id: call.id }
    : { tool_use_id: call.id, type: 'tool_result', content: call.content, is_error: false };
  // Of what goes well, files of agents keep only what the model is told.
  const toolUseResult = agent && !call.isError ? undefined : call.result;
  const sourceToolAssistantUUID = session.isOld ? undefined : assistantUuid;
  writeUser(thread, [block], { toolUseResult, sourceToolAssistantUUID });
  if (session.hasHooks) writeHookRun(thread, { event: 'PostToolUse', tool: call.name, toolUseId: call.id });
}

const toolUse = ({ id, name, input }) => ({ type: 'tool_use', id, name, input });

function callTools(thread) {
  const { random } = thread.world;
  const count = random.chance(PARALLEL_SHARE) ? random.between(2, 3) : 1;
  const calls = Array.from({ length: count }, () => nextCall(thread));
  const before = opening(thread.world);
  const uuids = writeMessage(thread, [...before, ...calls.map(toolUse)], { stopReason: 'tool_use' });
  for (const [index, call] of calls.entries()) writeResult(thread, call, uuids[before.length + index]);
}

/** The model loads a skill. The tool answers at once; the instructions follow as a record that no human wrote. */
function callSkill(thread) {
  const { world, session } = thread;
  const id = newToolUseId(world);
  const skill = world.random.pick(SKILLS);
  const args = world.filler.words(2);
  world.truth.toolCalls++;
  world.truth.skills++;
  const block = toolUse({ id, name: 'Skill', input: { skill, args } });
  const [uuid] = writeMessage(thread, [block], { stopReason: 'tool_use' });
  writeUser(thread, [{ type: 'tool_result', tool_use_id: id, content: `Launching skill: ${skill}` }], {
    toolUseResult: thread.agent ? undefined : { success: true, commandName: skill },
    sourceToolAssistantUUID: session.isOld ? undefined : uuid,
  });
  const folder = `${session.cwd}/.claude/skills/${skill}`;
  const document = `Base directory for this skill: ${folder}\n\n${world.filler.text(1_800)}\n\nARGUMENTS: ${args}`;
  const flags = { isMeta: true };
  writeUser(thread, [{ type: 'text', text: document }], { flags, sourceToolUseID: id });
  writeAttachment(thread, { type: 'command_permissions', allowedTools: [] });
  thread.skill = skill;
}

/** One response calls up to `most` agents at once. They end out of order. */
function callAgents(thread, most) {
  const { world, session } = thread;
  const agents = [openAgent(thread)];
  while (agents.length < most && session.agentsLeft > 0) agents.push(openAgent(thread));
  world.truth.toolCalls += agents.length;
  const before = opening(world);
  const blocks = [...before, ...agents.map(({ call }) => toolUse(call))];
  const uuids = writeMessage(thread, blocks, { stopReason: 'tool_use' });
  const called = agents.map((agent, index) => ({ ...agent, assistantUuid: uuids[before.length + index] }));
  answerAgents(thread, called, { work, answer: writeAnswer });
}

/** How many agents the next response calls: such that all that are planned get called. */
function agentsNow({ session, agent, world }) {
  if (agent) return agent.nestedLeft > 0 ? agent.nestedLeft-- : 0;
  if (session.agentsLeft <= 0 || session.messagesLeft <= 0) return 0;
  const isDue = world.random.chance((1.2 * session.agentsLeft) / session.messagesLeft);
  return isDue ? world.random.between(1, 2) : 0;
}

/** Works for so many responses. */
export function work(thread, messages) {
  const { world, session } = thread;
  for (let done = 0; done < messages; done++) {
    const agents = agentsNow(thread);
    if (!thread.agent) session.messagesLeft--;
    if (agents > 0) callAgents(thread, agents);
    else if (world.truth.toolCalls % SKILL_EVERY === FIRST_SKILL) callSkill(thread);
    else callTools(thread);
  }
}

/** The agents that are still planned when a session has no messages left. */
export function callRemainingAgents(thread) {
  while (thread.session.agentsLeft > 0) callAgents(thread, 4);
}

/** The last words of a run. */
export function writeAnswer(thread) {
  const { random, filler } = thread.world;
  const text = filler.text(random.between(80, 1_600));
  const thinking = random.chance(THINKING_SHARE) ? [thinkingBlock(thread.world)] : [];
  writeMessage(thread, [...thinking, { type: 'text', text }], { stopReason: 'end_turn' });
  return text;
}
