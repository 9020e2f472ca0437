// The records of a conversation, key by key in the order in which the client writes them (2.1.197, and older with `isOld`).
//
// A thread is one conversation: the main one of a session, or that of one agent. Its records form a chain by `parentUuid`.

export function createThread({ world, session, file, agent, promptId, clock }) {
  const counts = { messages: 0, contextTokens: 18_000 };
  return { world, session, file, agent, promptId, clock, parentUuid: null, skill: undefined, ...counts };
}

/** The same thread goes on some time later. */
export function pass(thread, least, most) {
  thread.clock += thread.world.random.between(least, most);
}

export function timestamp(thread) {
  const iso = new Date(thread.clock).toISOString();
  return thread.session.isMicro ? `${iso.slice(0, -1)}${thread.world.random.between(100, 999)}Z` : iso;
}

/** A record that has a place in the chain. Gives its uuid. */
export function writeLinked(thread, body, rest = {}) {
  const { world, session } = thread;
  const uuid = world.random.uuid();
  const record = {
    parentUuid: thread.parentUuid,
    isSidechain: thread.agent !== undefined,
    ...(session.isOld ? session.envelope : undefined),
    ...body,
    uuid,
    timestamp: timestamp(thread),
    ...rest,
    ...(session.isOld ? undefined : session.envelope),
  };
  thread.parentUuid = uuid;
  const line = thread.file.write(record);
  if (thread === session.thread) session.replay?.keep(line);
  return uuid;
}

/** A record without a place in the chain, such as a title. */
export function writeNote(thread, record) {
  thread.file.write({ ...record, sessionId: thread.session.id });
}

/** `isMeta` and its like stand before the uuid, all else behind the time. */
export function writeUser(thread, content, { flags = {}, ...rest } = {}) {
  const { session, agent } = thread;
  pass(thread, 1, 60);
  const body = {
    promptId: session.isOld ? undefined : thread.promptId,
    agentId: agent?.id,
    type: 'user',
    message: { role: 'user', content },
    ...flags,
  };
  return writeLinked(thread, body, rest);
}

export function writeAttachment(thread, attachment) {
  return writeLinked(thread, { agentId: thread.agent?.id, attachment, type: 'attachment' });
}

/** A hook of the user's ran: the client keeps what it printed. */
export function writeHookRun(thread, { event, tool, toolUseId }) {
  const { random, filler } = thread.world;
  writeAttachment(thread, {
    type: 'hook_success',
    hookName: tool ? `${event}:${tool}` : event,
    toolUseID: toolUseId ?? random.uuid(),
    hookEvent: event,
    content: '',
    stdout: random.chance(0.3) ? `${JSON.stringify({ continue: true, systemMessage: filler.words(12) })}\n` : '',
    stderr: '',
    exitCode: 0,
    command: `node "$CLAUDE_PROJECT_DIR/.claude/hooks/${filler.word()}.js"`,
    durationMs: random.between(18, 240),
  });
}

export function writeSystem(thread, subtype, fields) {
  const { parentUuid = thread.parentUuid, logicalParentUuid, ...rest } = fields;
  thread.parentUuid = parentUuid;
  return writeLinked(thread, { logicalParentUuid, agentId: thread.agent?.id, type: 'system', subtype, ...rest });
}

/** What the client says in the model's place when a request failed for good. */
export function writeApiError(thread, { text, error, status }) {
  const { world } = thread;
  const usage = {
    input_tokens: 0,
    output_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
    service_tier: null,
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    inference_geo: null,
    iterations: null,
    speed: null,
  };
  const message = {
    id: world.random.uuid(),
    container: null,
    model: '<synthetic>',
    role: 'assistant',
    stop_reason: 'stop_sequence',
    stop_sequence: '',
    type: 'message',
    usage,
    content: [{ type: 'text', text }],
    context_management: null,
  };
  const rest = { error, isApiErrorMessage: true, apiErrorStatus: status };
  world.truth.apiErrors++;
  return writeLinked(thread, { type: 'assistant', message }, rest);
}
