// What the tree holds, counted while it is written: the figures that a reader of it must find.
const KNOWN_TYPES = new Set(
  (
    'assistant user attachment system summary progress queue-operation last-prompt mode permission-mode ai-title ' +
    'custom-title agent-name file-history-snapshot pr-link cost-state'
  ).split(' '),
);

const noTokens = () => ({ input: 0, output: 0, cacheCreation: 0, cacheCreation1h: 0, cacheRead: 0 });

function addUsage(tokens, usage) {
  tokens.input += usage.input_tokens;
  tokens.output += usage.output_tokens;
  tokens.cacheCreation += usage.cache_creation_input_tokens;
  tokens.cacheCreation1h += usage.cache_creation.ephemeral_1h_input_tokens;
  tokens.cacheRead += usage.cache_read_input_tokens;
}

/** Everything but lines and bytes is counted once, however many copies of it there are. */
const zeros = () => ({
  files: 0,
  mainFiles: 0,
  forkFiles: 0,
  subagentFiles: 0,
  oldFiles: 0,
  metaFiles: 0,
  bytes: 0,
  lines: 0,
  brokenLines: 0,
  assistantLines: 0,
  apiErrorLines: 0,
  usageKeyUserLines: 0,
  unknownRecords: 0,
  uniqueMessages: 0,
  sameFileCopies: 0,
  crossFileCopies: 0,
  prompts: 0,
  commands: 0,
  localCommands: 0,
  notifications: 0,
  agents: 0,
  backgroundAgents: 0,
  nestedAgents: 0,
  killedAgents: 0,
  skills: 0,
  toolCalls: 0,
  failedTools: 0,
  deniedTools: 0,
  interruptedRuns: 0,
  apiErrors: 0,
  compactions: 0,
});

export function createTruth() {
  const linesByType = {};
  const tokens = noTokens();
  const tokensByModel = {};
  const brokenPaths = new Set();

  return {
    ...zeros(),
    countLine(record) {
      this.lines++;
      linesByType[record.type] = (linesByType[record.type] ?? 0) + 1;
      if (!KNOWN_TYPES.has(record.type)) this.unknownRecords++;
      if (record.type === 'assistant') this.assistantLines++;
      if (record.isApiErrorMessage) this.apiErrorLines++;
      const result = record.toolUseResult;
      if (result?.usage ?? result?.structuredContent?.usage) this.usageKeyUserLines++;
    },
    countBrokenLine(path) {
      this.lines++;
      this.brokenLines++;
      brokenPaths.add(path);
    },
    countMessage({ model, usage, copies }) {
      this.uniqueMessages++;
      this.sameFileCopies += copies;
      tokensByModel[model] ??= noTokens();
      addUsage(tokens, usage);
      addUsage(tokensByModel[model], usage);
    },
    /** Plain data, paths relative to the folder `root`. */
    figures(root) {
      const counts = Object.fromEntries(Object.keys(zeros()).map(key => [key, this[key]]));
      const brokenFiles = [...brokenPaths].map(path => path.slice(root.length + 1));
      return { ...counts, tokens, tokensByModel, linesByType, brokenFiles };
    },
  };
}
