// A receiver of OTLP/HTTP in a process of its own that counts spans and keeps nothing. Tells its port, and when asked
// its count since it was asked last, over the channel to its parent.
import { createServer } from 'node:http';

const MARK = Buffer.from('"spanId":');
let spans = 0;

function countOf(body, mark) {
  let count = 0;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) count++;
  return count;
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    spans += countOf(Buffer.concat(chunks), MARK);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => {
  process.send({ spans });
  spans = 0;
});
process.on('disconnect', () => process.exit());
