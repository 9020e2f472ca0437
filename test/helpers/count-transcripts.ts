/** What a folder of transcripts holds, counted without a thought for speed: whole files, every line parsed, sets of ids. */
import { readdirSync, readFileSync } from 'node:fs';

interface Block {
  type: string;
  id?: string;
  name?: string;
  text?: string;
  tool_use_id?: string;
  is_error?: boolean;
}

type Usage = Record<string, number>;

interface Message {
  id: string;
  content: string | Block[];
  stop_reason: string | null;
  usage: Usage;
}

export interface TranscriptRecord {
  type: string;
  uuid?: string;
  promptId?: string;
  requestId?: string;
  subtype?: string;
  isSidechain?: boolean;
  isMeta?: boolean;
  isCompactSummary?: boolean;
  isApiErrorMessage?: boolean;
  toolUseResult?: unknown;
  message?: Message;
}

export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`)
    .sort();

/** The lines of a transcript; null for one that cannot be parsed. */
export const recordsOf = (path: string): (TranscriptRecord | null)[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      try {
        return JSON.parse(line) as TranscriptRecord;
      } catch {
        return null;
      }
    });

function blocksOf({ message }: TranscriptRecord): Block[] {
  const content = message?.content ?? [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

type See = (what: string, id?: string) => void;

function seeTools(record: TranscriptRecord, see: See): void {
  for (const { type, name, id, tool_use_id, is_error } of blocksOf(record)) {
    if (type === 'tool_use') see('toolCalls', id);
    if (type === 'tool_use' && name === 'Skill') see('skills', id);
    if (type === 'tool_use' && (name === 'Agent' || name === 'Task')) see('agents', id);
    if (is_error) see(record.toolUseResult === 'User rejected tool use' ? 'deniedTools' : 'failedTools', tool_use_id);
  }
}

/** What a human said in the main thread of a session, or what the client wrote there in the human's place. */
function seeSaid(record: TranscriptRecord, see: See): void {
  if (record.type !== 'user' || record.isSidechain || record.isMeta || record.isCompactSummary) return;
  const [block] = blocksOf(record);
  if (block?.type !== 'text') return;
  const said = block.text ?? '';
  const prompt = record.promptId ?? record.uuid;
  if (said.startsWith('<local-command-stdout>') || said.startsWith('<command-name>')) return;
  if (said.startsWith('[Request interrupted by user')) see('interruptedRuns', record.uuid);
  else if (said.startsWith('<task-notification>')) see('notifications', prompt);
  else see('prompts', prompt);
  if (said.startsWith('<command-message>')) see('commands', prompt);
}

const total = (usage: Usage): number =>
  ['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'].reduce(
    (sum, key) => sum + (usage[key] ?? 0),
    0,
  );

function bestOf(copies: readonly Message[]): Usage {
  const stopped = copies.filter(({ stop_reason }) => stop_reason !== null);
  const usages = (stopped.length > 0 ? stopped : copies).map(({ usage }) => usage);
  return usages.reduce((best, usage) => (total(usage) > total(best) ? usage : best));
}

export function countTranscripts(projects: string) {
  const ids = new Map<string, Set<string>>();
  const copies = new Map<string, Message[]>();
  const responsesOfFiles = new Set<string>();
  const see: See = (what, id = '') => {
    ids.set(what, (ids.get(what) ?? new Set()).add(id));
  };
  for (const path of filesBelow(projects).filter(path => path.endsWith('.jsonl'))) {
    for (const record of recordsOf(path)) {
      if (!record) continue;
      if (record.isApiErrorMessage) see('apiErrors', record.uuid);
      else if (record.type === 'assistant' && record.message) {
        const key = `${record.message.id} ${record.requestId}`;
        copies.set(key, [...(copies.get(key) ?? []), record.message]);
        responsesOfFiles.add(`${path} ${key}`);
      }
      if (record.subtype === 'compact_boundary') see('compactions', record.uuid);
      seeTools(record, see);
      seeSaid(record, see);
    }
  }
  const lists = [...copies.values()];
  const best = lists.map(bestOf);
  const sum = (key: string): number => best.reduce((tokens, usage) => tokens + (usage[key] ?? 0), 0);
  return {
    ...Object.fromEntries([...ids].map(([what, seen]) => [what, seen.size])),
    uniqueMessages: copies.size,
    sameFileCopies: lists.flat().length - responsesOfFiles.size,
    crossFileCopies: responsesOfFiles.size - copies.size,
    tokens: {
      input: sum('input_tokens'),
      output: sum('output_tokens'),
      cacheCreation: sum('cache_creation_input_tokens'),
      cacheRead: sum('cache_read_input_tokens'),
    },
  };
}
