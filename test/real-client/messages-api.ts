/**
 * A stand-in for the Messages API on loopback. What it answers is scripted: a prompt that holds `[[name]]` is answered
 * with the replies of that script, one for each turn of the conversation, so that agents that run at once do not mix.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ToolCall {
  tool: string;
  input: object;
}

export type Reply =
  /** Text and tool calls of one assistant message; it waits until `hold` resolves. */
  | { text?: string; calls?: readonly ToolCall[]; hold?: Promise<unknown> }
  /** An error of the API. */
  | { error: { status: number; type: string; message: string } };

/** A reply, or a function that makes one from the JSON of the conversation. */
export type Scripts = Readonly<Record<string, readonly (Reply | ((conversation: string) => Reply))[]>>;

export interface BilledAnswer {
  /** As the ledger has it. */
  id: string;
  usage: { input_tokens: number; output_tokens: number; cache_read_input_tokens: number };
  isTurn: boolean;
}

export interface MessagesApi {
  url: string;
  /** Names of the scripts in the order in which they were asked for a reply. */
  asked: string[];
  /** All tool calls that were made. */
  calls: (ToolCall & { id: string })[];
  /** What was billed: the truth. `isTurn`: part of a conversation, and no question of the client's own. */
  billed: BilledAnswer[];
  /** What the client sent: the whole body of each request, as JSON. */
  requests: string[];
  /** Resolves when the script was asked for its reply with this index. */
  whenAsked(script: string, index: number): Promise<void>;
  close(): Promise<void>;
}

interface Message {
  role: string;
  content: string | readonly { type: string; text?: string }[];
}

interface Turn {
  script: string;
  /** How many replies of the script were given before. */
  index: number;
}

const SCRIPT = /\[\[([\w-]+)\]\]/g;
const DONE: Reply = { text: 'done' };

export async function startMessagesApi(scripts: Scripts): Promise<MessagesApi> {
  const asked: string[] = [];
  const calls: MessagesApi['calls'] = [];
  const requests: string[] = [];
  const billed: BilledAnswer[] = [];
  const waiting = new Map<string, () => void>();
  const seen = new Set<string>();
  let made = 0;

  async function answer(
    body: { model?: string; stream?: boolean; messages?: Message[]; tools?: unknown[] },
    response: ServerResponse,
  ) {
    const turn = body.tools?.length ? turnOf(body.messages ?? []) : null;
    if (turn) {
      asked.push(turn.script);
      const key = `${turn.script} ${turn.index}`;
      seen.add(key);
      waiting.get(key)?.();
    }
    const scripted = (turn && scripts[turn.script]?.[turn.index]) ?? DONE;
    const reply = typeof scripted === 'function' ? scripted(JSON.stringify(body.messages)) : scripted;
    if ('error' in reply) {
      const { status, type, message } = reply.error;
      return send(response, status, { type: 'error', error: { type, message } });
    }
    await reply.hold;
    const id = String(++made).padStart(6, '0');
    const blocks = [
      ...(reply.text === undefined ? [] : [{ type: 'text', text: reply.text }]),
      ...(reply.calls ?? []).map(({ tool, input }, index) => {
        const toolUse = `toolu_test${id}${index}`;
        calls.push({ id: toolUse, tool, input });
        return { type: 'tool_use', id: toolUse, name: tool, input };
      }),
    ];
    const message = {
      id: `msg_test${id}`,
      type: 'message',
      role: 'assistant',
      // The client prices what it asked for.
      model: body.model ?? 'claude-sonnet-4-5-20250929',
      content: blocks,
      stop_reason: reply.calls?.length ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: usageOf(turn),
    };
    const requestId = `req_test${id}`;
    billed.push({ id: `${message.id}:${requestId}`, usage: message.usage, isTurn: turn !== null });
    response.setHeader('request-id', requestId);
    if (body.stream) stream(response, message, blocks);
    else send(response, 200, message);
  }

  const server = createServer((request, response) => {
    readBody(request)
      .then(body => {
        const path = (request.url ?? '').split('?')[0];
        if (path === '/v1/messages/count_tokens') return send(response, 200, { input_tokens: 100 });
        if (path !== '/v1/messages') return send(response, 404, { type: 'error', error: { type: 'not_found_error' } });
        requests.push(body);
        return answer(JSON.parse(body), response);
      })
      .catch(error => response.destroy(error));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    billed,
    calls,
    requests,
    whenAsked: (script, index) =>
      new Promise(resolve => {
        const key = `${script} ${index}`;
        if (seen.has(key)) resolve();
        else waiting.set(key, resolve);
      }),
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Which script the conversation follows, and how many of its replies were given. */
function turnOf(messages: readonly Message[]): Turn | null {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (message?.role !== 'user') continue;
    const script = [...textOf(message).matchAll(SCRIPT)].at(-1)?.[1];
    if (script === undefined) continue;
    return { script, index: messages.slice(at).filter(({ role }) => role === 'assistant').length };
  }
  return null;
}

/** Depends on the turn alone, so that it is the same in every run, whatever runs at once. */
const usageOf = (turn: Turn | null) => ({
  input_tokens: 1000 + (turn?.index ?? 0),
  output_tokens: 50 + (turn?.index ?? 0),
  cache_read_input_tokens: 3000,
});

function textOf({ content }: Message): string {
  if (typeof content === 'string') return content;
  return content.map(block => (block.type === 'text' ? (block.text ?? '') : '')).join('\n');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The same message as server-sent events. */
function stream(
  response: ServerResponse,
  message: { stop_reason: string; usage: { output_tokens: number } },
  blocks: readonly { type: string; text?: string; input?: object }[],
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (data: { type: string; [key: string]: unknown }): void => {
    response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const { stop_reason, usage } = message;
  event({
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  });
  for (const [index, block] of blocks.entries()) {
    const { text, input, ...rest } = block;
    event({
      type: 'content_block_start',
      index,
      content_block: text === undefined ? { ...rest, input: {} } : { ...rest, text: '' },
    });
    event({
      type: 'content_block_delta',
      index,
      delta:
        text === undefined
          ? { type: 'input_json_delta', partial_json: JSON.stringify(input) }
          : { type: 'text_delta', text },
    });
    event({ type: 'content_block_stop', index });
  }
  event({
    type: 'message_delta',
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: usage.output_tokens },
  });
  event({ type: 'message_stop' });
  response.end();
}
