/** An OTLP/HTTP receiver on loopback that keeps what it got. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SinkSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

export interface OtlpSink {
  url: string;
  spans: SinkSpan[];
  resource: Record<string, unknown>;
  headers: IncomingMessage['headers'][];
}

export async function startOtlpSink(): Promise<OtlpSink> {
  const sink: OtlpSink = { url: '', spans: [], resource: {}, headers: [] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') take(sink, JSON.parse(Buffer.concat(chunks).toString('utf8')));
      sink.headers.push(request.headers);
      response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  sink.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return sink;
}

interface ExportRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: Record<string, unknown> }[] };
    scopeSpans: { spans: SinkSpan[] }[];
  }[];
}

function take(sink: OtlpSink, request: ExportRequest): void {
  for (const { resource, scopeSpans } of request.resourceSpans) {
    for (const { key, value } of resource.attributes) sink.resource[key] = Object.values(value)[0];
    for (const { spans } of scopeSpans) sink.spans.push(...spans);
  }
}

export const attribute = (span: SinkSpan | undefined, key: string): unknown => {
  const found = span?.attributes.find(one => one.key === key);
  return found && Object.values(found.value)[0];
};
