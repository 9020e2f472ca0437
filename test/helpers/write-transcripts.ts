/** Transcripts as the client writes them: only what a case is about is named. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { NOON } from './client-facts.ts';
import { tempDir } from './temp-dir.ts';

export type Fields = Record<string, unknown>;
export const SESSION = '0b6e0000-0000-4000-8000-000000000001';
/** One million tokens: 1 USD of input, 0.10 read and 1.25 or 2 written to the cache, 5 of output. */
export const HAIKU = 'claude-haiku-4-5';

/** The usage of an answer with nothing in the cache. */
export const used = (input: number, output: number, more: Fields = {}): Fields => ({
  input_tokens: input,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: output,
  server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
  service_tier: 'standard',
  cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
  inference_geo: '',
  iterations: [],
  speed: 'standard',
  ...more,
});

export interface Answer {
  /** Of the record. */
  fields?: Fields;
  message?: Fields;
  content?: Fields[];
}

const TEXT: Fields[] = [{ type: 'text', text: 'done' }];

/** Makes records one second apart, in the layout of the client. */
export function transcript(session = SESSION, from = NOON) {
  let count = 0;
  const base = (): Fields => {
    count++;
    const uuid = `${session.slice(-4)}-${count}`;
    return { uuid, timestamp: new Date(from + (count - 1) * 1000).toISOString(), sessionId: session, cwd: '/home/dev' };
  };
  const user = (content: unknown, fields: Fields = {}): Fields => ({
    parentUuid: null,
    isSidechain: false,
    promptId: 'p1',
    type: 'user',
    message: { role: 'user', content },
    ...base(),
    ...fields,
  });
  const assistant = (content: Fields[], fields: Fields = {}, message: Fields = {}): Fields => ({
    parentUuid: null,
    isSidechain: false,
    message: {
      id: `msg_${count}`,
      type: 'message',
      role: 'assistant',
      model: 'claude-x',
      content,
      stop_reason: content.some(block => block.type === 'tool_use') ? 'tool_use' : 'end_turn',
      ...message,
    },
    requestId: 'req',
    type: 'assistant',
    ...base(),
    ...fields,
  });
  return {
    user,
    assistant,
    prompt: (said: string, prompt = 'p1', fields: Fields = {}) => user(said, { promptId: prompt, ...fields }),
    command: (name: string, prompt = 'p1') =>
      user(`<command-message>${name}</command-message>\n<command-name>/${name}</command-name>`, { promptId: prompt }),
    say: (text = 'done', message: Fields = {}) => assistant([{ type: 'text', text }], {}, message),
    /** A request with its usage: null for none, and its first copies have no `stop_reason`. */
    answer: (id: string, usage: Fields | null, { fields, message, content = TEXT }: Answer = {}) =>
      assistant(
        content,
        { requestId: `req_${id}`, ...fields },
        { id: `msg_${id}`, model: HAIKU, stop_sequence: null, usage, ...message },
      ),
    call: (tool: string, id: string, input: Fields = {}) => assistant([{ type: 'tool_use', id, name: tool, input }]),
    result: (id: string, fields: Fields = {}, block: Fields = {}) =>
      user([{ tool_use_id: id, type: 'tool_result', content: 'ok', ...block }], fields),
    system: (subtype: string): Fields => ({ parentUuid: null, isSidechain: false, type: 'system', subtype, ...base() }),
  };
}

export type TranscriptFiles = Record<string, (Fields | string)[] | Fields>;

/** A folder of the client. Paths are below `projects/-home-dev/`; a list is one record a line, an object a JSON file. */
export function writeTranscripts(files: TranscriptFiles, folder = tempDir()): string {
  for (const [name, content] of Object.entries(files)) {
    const path = `${folder}/projects/-home-dev/${name}`;
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    const lines = Array.isArray(content) ? content : [content];
    const text = lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    writeFileSync(path, Array.isArray(content) ? `${text}\n` : text);
  }
  return folder;
}
