/** What a receiver answers is told for what it is, whatever it answers. */
import { expect, it } from 'vitest';
import { createSender } from '../../exporters/otlp-sender.ts';
import { startHttpSink } from '../helpers/http-sink.ts';

it('repeats nothing of what it was given to know us by', async () => {
  const key = 'k3y-of-the-tenant';
  const url = `/x/v1/traces?key=abc${key}`;
  const sink = await startHttpSink(response => {
    const said = `no: ${url} ${JSON.stringify(response.req.headers)}`;
    response.writeHead(401, { 'content-type': 'text/plain' }).end(said);
  });
  const sender = createSender({ url: `http://me:p4ss${key}@127.0.0.1:${sink.port}${url}`, headers: { 'x-key': key } });
  const result = await sender.send(Buffer.from('{}'));
  expect(result).toMatchObject({ kind: 'wrong', reason: expect.stringContaining('[redacted]') });
  expect(JSON.stringify(result)).not.toContain(key);
  sender.close();
});

it.each([
  ['{"partialSuccess":{"rejectedSpans":{"valueOf":1,"toString":1}}}', { kind: 'delivered' }],
  [
    '{"partialSuccess":{"rejectedSpans":"2","errorMessage":{"toString":1}}}',
    { kind: 'partial', rejected: 2, reason: 'no reason given' },
  ],
  [
    `{"partialSuccess":{"rejectedSpans":2,"errorMessage":"${'x'.repeat(5000)}"}}`,
    { kind: 'partial', rejected: 2, reason: 'x'.repeat(1000) },
  ],
])('an answer of %.60s', async (answer, result) => {
  const { port } = await startHttpSink(response =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer),
  );
  const sender = createSender({ url: `http://127.0.0.1:${port}/v1/traces`, timeoutMillis: 2000 });
  expect(await sender.send(Buffer.from('{}'))).toEqual(result);
  sender.close();
});
