/** Requests as no library would send them, over a bare socket. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** Null: the connection was closed without an answer. */
  status: number | null;
  headers: Record<string, string>;
  body: string;
}

export interface RawConnection {
  socket: Socket;
  write(...parts: (string | Buffer)[]): void;
  /** The next whole answer. */
  answer(): Promise<RawAnswer>;
  /** Resolves when the other side has hung up. */
  closed: Promise<void>;
}

export function openRaw(port: number, host = '127.0.0.1'): RawConnection {
  const socket = connect({ port, host });
  let text = '';
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  // Writing to one that has hung up is part of the test.
  socket.on('error', () => {});
  socket.on('data', chunk => (text += chunk.toString('latin1')));
  return {
    socket,
    closed,
    write: (...parts) => {
      for (const part of parts) socket.write(part);
    },
    async answer() {
      for (;;) {
        const { found, rest } = parse(text);
        if (found) {
          text = rest;
          return found;
        }
        if (socket.destroyed) return { status: null, headers: {}, body: text };
        await new Promise<void>(resolve => {
          const done = (): void => {
            socket.off('data', done).off('close', done);
            resolve();
          };
          socket.once('data', done).once('close', done);
        });
      }
    },
  };
}

/** Sends this much, says that it is all, and gives the answer. */
export async function rawRequest(port: number, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  const connection = openRaw(port);
  connection.write(...parts);
  const answer = await connection.answer();
  connection.socket.destroy();
  return answer;
}

function parse(text: string): { found?: RawAnswer; rest: string } {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return { rest: text };
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const status = Number(first.split(' ')[1]);
  const rest = text.slice(end + 4);
  // The interim answer to "Expect: 100-continue".
  if (status === 100) return parse(rest);
  if (headers['transfer-encoding'] === 'chunked') {
    // Only empty ones come so.
    return rest.startsWith('0\r\n\r\n')
      ? { found: { status, headers, body: '' }, rest: rest.slice(5) }
      : { rest: text };
  }
  const length = Number(headers['content-length'] ?? 0);
  if (rest.length < length) return { rest: text };
  return { found: { status, headers, body: rest.slice(0, length) }, rest: rest.slice(length) };
}
