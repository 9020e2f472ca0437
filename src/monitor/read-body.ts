/** The body of a request, whole, in plain bytes, and never more than is allowed. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { systemErrorCode } from '../errors.ts';

const inflate = promisify(gunzip);

/** What all bodies together may hold at a time. */
export interface BodyBudget {
  /** Of one body, as it is sent and as it is inflated. */
  maxBytes: number;
  /** Of all that are being read. */
  maxTotalBytes: number;
  usedBytes: number;
}

export type Body =
  | { status: 'whole'; bytes: Buffer }
  /** The sender went away. */
  | { status: 'gone' }
  | { status: 'too-large' | 'busy' | 'damaged' | 'unknown-encoding' };

const ENCODINGS = ['identity', 'gzip', 'x-gzip'];

/** Reads a body and takes its encoding off. What is not read of one that is refused is thrown away as it comes. */
export async function readBody(request: IncomingMessage, budget: BodyBudget): Promise<Body> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (!ENCODINGS.includes(encoding)) return { status: 'unknown-encoding' };
  if (Number(request.headers['content-length'] ?? 0) > budget.maxBytes) return { status: 'too-large' };
  const chunks: Buffer[] = [];
  const read = await collect(request, budget, chunks);
  try {
    if (read.status !== 'whole' || encoding === 'identity') return read;
    return await inflated(read.bytes, budget);
  } finally {
    budget.usedBytes -= sizeOf(chunks);
  }
}

/** By events and not by an iterator, because that would end the connection of a body that is not read to its end. */
function collect(request: IncomingMessage, budget: BodyBudget, chunks: Buffer[]): Promise<Body> {
  return new Promise(resolve => {
    let sizeBytes = 0;
    const finish = (body: Body): void => {
      request.off('data', take);
      request.resume();
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      sizeBytes += chunk.length;
      if (sizeBytes > budget.maxBytes) return finish({ status: 'too-large' });
      if (budget.usedBytes + chunk.length > budget.maxTotalBytes) return finish({ status: 'busy' });
      budget.usedBytes += chunk.length;
      chunks.push(chunk);
    };
    request.on('data', take);
    request.once('end', () => finish({ status: 'whole', bytes: Buffer.concat(chunks) }));
    request.once('close', () => finish({ status: 'gone' }));
    request.once('error', () => finish({ status: 'gone' }));
  });
}

/** How much comes out is known only afterwards, so there must be room for the most. */
async function inflated(bytes: Buffer, budget: BodyBudget): Promise<Body> {
  const { maxBytes } = budget;
  if (budget.usedBytes + maxBytes > budget.maxTotalBytes) return { status: 'busy' };
  budget.usedBytes += maxBytes;
  try {
    return { status: 'whole', bytes: await inflate(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    return { status: systemErrorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'damaged' };
  } finally {
    budget.usedBytes -= maxBytes;
  }
}

const sizeOf = (chunks: readonly Buffer[]): number => chunks.reduce((sum, { length }) => sum + length, 0);
