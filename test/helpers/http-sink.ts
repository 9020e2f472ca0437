/** An HTTP server on loopback that keeps what it got and answers what it was told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface HttpSink {
  port: number;
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
}

/** `answer` is called with the number of the request, from 1 on. */
export async function startHttpSink(
  answer: (response: ServerResponse, number: number) => void = response => response.writeHead(200).end('ok'),
): Promise<HttpSink> {
  const sink: HttpSink = { port: 0, requests: [] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      sink.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
      answer(response, sink.requests.length);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  sink.port = (server.address() as AddressInfo).port;
  return sink;
}
