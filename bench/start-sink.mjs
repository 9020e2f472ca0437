// Starts the receiver that counts spans, and asks it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SINK = fileURLToPath(new URL('counting-sink.mjs', import.meta.url));

export async function startSink() {
  const child = fork(SINK, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    /** How many spans came since this was asked last. */
    async take() {
      child.send('count');
      const [{ spans }] = await once(child, 'message');
      return spans;
    },
    close: () => child.disconnect(),
  };
}
