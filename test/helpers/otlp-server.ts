/** A receiver of OTLP/HTTP that answers as a test tells it, and keeps what it took. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { SinkSpan } from './otlp-sink.ts';

/** What is done with a request: `take` keeps its spans and answers as a receiver should. */
export interface Exchange {
  /** Number of the request, from 1 on. */
  number: number;
  spans: SinkSpan[];
  body: string;
  response: ServerResponse;
  headers: IncomingMessage['headers'];
  take(answer?: object): void;
  /** Keeps the spans and says nothing. */
  keep(): void;
  answer(status: number, body?: string, headers?: Record<string, string>): void;
  /** Breaks the connection off. */
  reset(): void;
}

export interface OtlpServer {
  /** Base URL. */
  url: string;
  port: number;
  /** What was taken, in the order in which it came; a span that came again stands there again. */
  spans: SinkSpan[];
  bodies: string[];
  requests: number;
  close(): Promise<void>;
}

export async function startOtlpServer(
  act: (exchange: Exchange) => void = exchange => exchange.take(),
  port = 0,
): Promise<OtlpServer> {
  const taken: OtlpServer = { url: '', port: 0, spans: [], bodies: [], requests: 0, close: async () => {} };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const spans = spansOf(body);
      const answer = (status: number, text = '', headers: Record<string, string> = {}): void => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
      };
      const keep = (): void => {
        taken.spans.push(...spans);
        taken.bodies.push(body);
      };
      taken.requests++;
      act({
        number: taken.requests,
        spans,
        body,
        response,
        headers: request.headers,
        keep,
        take(value = { partialSuccess: {} }) {
          keep();
          answer(200, JSON.stringify(value));
        },
        answer,
        reset: () => void request.socket.destroy(),
      });
    });
  });
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  taken.port = (server.address() as AddressInfo).port;
  taken.url = `http://127.0.0.1:${taken.port}`;
  taken.close = () => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(() => resolve()));
  };
  onTestFinished(() => taken.close());
  return taken;
}

interface Request {
  resourceSpans: { scopeSpans: { spans: SinkSpan[] }[] }[];
}

const spansOf = (body: string): SinkSpan[] =>
  (JSON.parse(body) as Request).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

/** The spans as a backend shows them that removes what came twice with the same content. */
export const withoutRepeats = (spans: readonly SinkSpan[]): SinkSpan[] => [
  ...new Map(spans.map(span => [JSON.stringify(span), span])).values(),
];
