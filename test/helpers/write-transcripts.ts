/** Transcripts as the client writes them: only what a case is about is named. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { NOON } from './client-facts.ts';
import { tempDir } from './temp-dir.ts';

type Fields = Record<string, unknown>;
export const SESSION = '0b6e0000-0000-4000-8000-000000000001';

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
