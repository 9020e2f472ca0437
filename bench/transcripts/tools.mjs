// Calls of tools and their results, as the transcript keeps both: for the model, and once more for the client.

/** How much the next result holds: as long as such results are, times what keeps the tree at its size. */
const size = world => Math.max(20, Math.round(world.filler.size() * world.scale()));

const bash = ({ world }) => {
  const stdout = world.filler.text(size(world));
  return {
    name: 'Bash',
    input: { command: `npm run ${world.filler.word()} -- ${world.filler.path()}`, description: world.filler.words(5) },
    content: stdout,
    result: { stdout, stderr: '', interrupted: false, isImage: false, noOutputExpected: false },
  };
};

const read = ({ world, session }) => {
  const filePath = `${session.cwd}/${world.filler.path()}`;
  const text = world.filler.text(size(world));
  const numLines = text.split('\n').length;
  return {
    name: 'Read',
    input: { file_path: filePath },
    content: `1\t${text.replaceAll('\n', '\n\t')}`,
    result: { type: 'text', file: { filePath, content: text, numLines, startLine: 1, totalLines: numLines } },
  };
};

/** Pictures make the longest lines: longer than the buffer of many a reader. */
const readPicture = ({ world, session }) => {
  const data = world.filler.base64(Math.round(world.random.between(20_000, 2_000_000) * world.pictureScale));
  return {
    name: 'Read',
    input: { file_path: `${session.cwd}/docs/${world.filler.word()}.png` },
    content: [{ type: 'image', source: { type: 'base64', data, media_type: 'image/png' } }],
    result: { type: 'image', file: { base64: data, type: 'image/png', originalSize: (data.length * 3) >> 2 } },
  };
};

const edit = ({ world, session }) => {
  const filePath = `${session.cwd}/${world.filler.path()}`;
  const [oldString, newString] = [world.filler.text(160), world.filler.text(220)];
  const lines = [...oldString.split('\n').map(line => `-${line}`), ...newString.split('\n').map(line => `+${line}`)];
  const patch = { oldStart: 12, oldLines: 3, newStart: 12, newLines: 4, lines };
  return {
    name: 'Edit',
    input: { file_path: filePath, old_string: oldString, new_string: newString, replace_all: false },
    content: `The file ${filePath} has been updated successfully.`,
    result: {
      filePath,
      oldString,
      newString,
      originalFile: world.filler.text(size(world)),
      structuredPatch: [patch],
      userModified: false,
      replaceAll: false,
    },
  };
};

const write = ({ world, session }) => {
  const filePath = `${session.cwd}/${world.filler.path()}`;
  const content = world.filler.text(Math.min(8_000, size(world)));
  return {
    name: 'Write',
    input: { file_path: filePath, content },
    content: `File created successfully at: ${filePath}`,
    result: { type: 'create', filePath, content, structuredPatch: [], originalFile: null },
  };
};

const grep = ({ world }) => {
  const content = world.filler.text(Math.min(20_000, size(world)));
  return {
    name: 'Grep',
    input: { pattern: world.filler.word(), path: 'src', output_mode: 'content' },
    content,
    result: { mode: 'content', numFiles: 0, filenames: [], content, numLines: content.split('\n').length },
  };
};

const todos = ({ world }) => {
  const items = Array.from({ length: world.random.between(2, 6) }, (_, index) => ({
    content: world.filler.words(6),
    status: index === 0 ? 'in_progress' : 'pending',
    activeForm: world.filler.words(6),
  }));
  return {
    name: 'TodoWrite',
    input: { todos: items },
    content: 'Todos have been modified successfully. Ensure that you continue to use the todo list.',
    result: { oldTodos: [], newTodos: items },
  };
};

/** Its result has a key "usage" that is not the usage of a request. */
const metrics = ({ world }) => {
  const text = world.filler.text(Math.min(2_000, size(world)));
  const usage = { input_tokens: world.random.below(9_000), output_tokens: world.random.below(900), cpu_percent: 41.5 };
  return {
    name: 'mcp__metrics__query',
    input: { query: world.filler.words(3) },
    content: [{ type: 'text', text }],
    result: { content: [{ type: 'text', text }], structuredContent: { usage, service: world.filler.word() } },
  };
};

const FREQUENT = [bash, bash, bash, bash, bash, bash, read, read, read, read, read, edit, edit, edit, grep, grep];
const ALL = [...FREQUENT, write, write, todos, metrics, metrics];
const PICTURE_EVERY = 3_000;
const FIRST_PICTURE = 30;

/** What a tool was asked and what it answered: `{ name, input, content, result }`. */
export function pickTool(thread) {
  const { truth, random } = thread.world;
  if (truth.toolCalls % PICTURE_EVERY === FIRST_PICTURE) return readPicture(thread);
  return random.pick(ALL)(thread);
}

/** The same call, failed: what the model and the client are told. */
export function failed(world, call) {
  const { filler, random } = world;
  const reason =
    call.name === 'Bash'
      ? `Exit code ${random.between(1, 3)}\n${filler.text(Math.min(1_500, size(world)))}`
      : `<tool_use_error>${filler.words(4)}: expected ${filler.word()}, got ${filler.word()}</tool_use_error>`;
  return { ...call, content: reason, result: `Error: ${reason}`, isError: true };
}
