/** A port on loopback that nobody has. */
import { createServer } from 'node:net';

const TRIES = 50;

/** The first free one from `first` on; `first` itself if none of the next is. */
export async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + TRIES; port++) {
    if (await isFree(port)) return port;
  }
  return first;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise(resolve => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
