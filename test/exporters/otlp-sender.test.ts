/** What a receiver answers is told for what it is, whatever it answers. */
import { expect, it } from 'vitest';
import { createSender } from '../../exporters/otlp-sender.ts';
import { startHttpSink } from '../helpers/http-sink.ts';

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
