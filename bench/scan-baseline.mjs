// The least that a reader of transcripts can do in one thread of Node.js: the yardstick for `spanbook import`.
//
// node bench/scan-baseline.mjs DIR [--json]
//
// Lines are found in fixed buffers. The first bytes of a line say whether it can be a message of the model; only then it is
// parsed. Of each response the best copy counts, and there is nothing else: no runs, no agents, no output but sums.
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const BUFFER_BYTES = 2 ** 20;
const HEAD_BYTES = 400;
const NEWLINE = 10;

const ASSISTANT = '"role":"assistant"';
/** Keys as the client orders them: with one of these at the head, the line is something else. */
const OTHERS = ['"type":"user"', '"attachment":{"type":', '"type":"system"'];
const NOTE = '{"type":"';

const totalOf = ({ input, output, cacheCreation, cacheRead }) => input + output + cacheCreation + cacheRead;

function tokensOf(usage) {
  return {
    input: usage.input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
    cacheCreation: usage.cache_creation_input_tokens ?? 0,
    cacheCreation1h: usage.cache_creation?.ephemeral_1h_input_tokens ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? 0,
  };
}

/** A copy that names why the response stopped, then the one with more tokens, then the later one. */
function isBetter(copy, kept) {
  if (copy.isStopped !== kept.isStopped) return copy.isStopped;
  const more = copy.total - kept.total;
  return more === 0 ? copy.at > kept.at : more > 0;
}

function createSums() {
  const responses = new Map();
  const counts = { assistantLines: 0, apiErrorLines: 0, unreadableLines: 0 };

  function add(record) {
    if (record.type !== 'assistant') return;
    counts.assistantLines++;
    if (record.isApiErrorMessage) counts.apiErrorLines++;
    const { message } = record;
    if (!message.usage || message.model === '<synthetic>') return;
    const tokens = tokensOf(message.usage);
    const copy = { isStopped: message.stop_reason != null, total: totalOf(tokens), at: record.timestamp, tokens };
    const key = `${message.id}:${record.requestId ?? ''}`;
    const kept = responses.get(key);
    if (!kept || isBetter(copy, kept)) responses.set(key, copy);
  }

  return {
    counts,
    read(line) {
      try {
        add(JSON.parse(line));
      } catch {
        counts.unreadableLines++;
      }
    },
    sums() {
      const tokens = tokensOf({});
      for (const copy of responses.values()) for (const key of Object.keys(tokens)) tokens[key] += copy.tokens[key];
      return { ...counts, uniqueMessages: responses.size, tokens };
    },
  };
}

/** Whether a line can be a message of the model. What its head does not tell is left to the parser. */
function isWanted(head) {
  if (head.includes(ASSISTANT)) return true;
  return !head.startsWith(NOTE) && !OTHERS.some(mark => head.includes(mark));
}

/** Feeds every line of a file that may be wanted to `read`, as text that is exact where it is ASCII. */
function scanFile(path, state) {
  const fd = openSync(path, 'r');
  let { buffer } = state;
  let end = 0;
  const line = (from, to) => {
    state.lines++;
    if (isWanted(buffer.latin1Slice(from, Math.min(to, from + HEAD_BYTES)))) state.read(buffer.latin1Slice(from, to));
  };
  for (;;) {
    const got = readSync(fd, buffer, end, buffer.length - end, null);
    if (got === 0) break;
    const fresh = end;
    end += got;
    state.bytes += got;
    let start = 0;
    const full = buffer.subarray(0, end);
    for (let at = full.indexOf(NEWLINE, fresh); at >= 0; at = full.indexOf(NEWLINE, start)) {
      line(start, at);
      start = at + 1;
    }
    buffer.copyWithin(0, start, end);
    end -= start;
    if (end === buffer.length) {
      buffer = Buffer.concat([buffer], buffer.length * 2);
      state.buffer = buffer;
    }
  }
  closeSync(fd);
  if (end > 0) line(0, end);
}

/** Sums over all transcripts below `projects/` of a configuration folder. */
export function scanTranscripts(configDir) {
  const sums = createSums();
  const state = { buffer: Buffer.allocUnsafe(BUFFER_BYTES), bytes: 0, lines: 0, read: sums.read };
  const entries = readdirSync(join(configDir, 'projects'), { withFileTypes: true, recursive: true });
  const paths = entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.jsonl'))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name));
  for (const path of paths) scanFile(path, state);
  return { files: paths.length, bytes: state.bytes, lines: state.lines, ...sums.sums() };
}

/** What the folder says of itself, if a generator made it, against what was found. */
function differences(configDir, found) {
  const path = join(configDir, 'truth.json');
  if (!existsSync(path)) return null;
  const truth = JSON.parse(readFileSync(path, 'utf8'));
  const keys = ['files', 'bytes', 'lines', 'assistantLines', 'apiErrorLines', 'uniqueMessages', 'tokens'];
  return keys
    .filter(key => JSON.stringify(found[key]) !== JSON.stringify(truth[key]))
    .map(key => `${key}: expected ${JSON.stringify(truth[key])}, got ${JSON.stringify(found[key])}`);
}

function main() {
  const [configDir, ...rest] = process.argv.slice(2);
  if (!configDir) throw new Error('expected a configuration folder, got nothing');
  const began = performance.now();
  const found = scanTranscripts(configDir);
  const wallMillis = Math.round(performance.now() - began);
  const wrong = differences(configDir, found);
  const peakMib = Math.round(process.resourceUsage().maxRSS / 1024);
  const agrees = wrong === null ? 'unknown' : wrong.length === 0;
  const result = { ...found, wallMillis, peakMib, agreesWithTruth: agrees };
  if (rest.includes('--json')) console.log(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(18)} ${JSON.stringify(value)}`);
  for (const line of wrong ?? []) console.error(line);
  if (wrong?.length) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
