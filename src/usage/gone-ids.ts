/** Ids of requests whose lines were pruned, as hashes: who tells of one of them again must not make it count again. */
import { archivedIds, packIds } from '../model/archived-ids.ts';
import { hash128 } from '../model/ids.ts';
import { isOtlpId, otlpIdOf, requestIdOf } from './request-id.ts';

const PREFIX = '{"pruned":';

export class GoneIds {
  readonly #blocks: ((hash: string) => boolean)[] = [];

  /** Takes a block of hashes, as `goneLine` packs them. */
  add(block: string): void {
    this.#blocks.push(archivedIds([block]));
  }

  /** Of the blocks. */
  get size(): number {
    return this.#blocks.length;
  }

  /** True if the request is gone, whoever tells of it. */
  has(id: string): boolean {
    if (this.size === 0) return false;
    const request = requestIdOf(id);
    if (this.#holds(id)) return true;
    return request !== '' && this.#holds(isOtlpId(id) ? toldId(request) : otlpIdOf(request));
  }

  #holds(id: string): boolean {
    const hash = hashOf(id);
    return this.#blocks.some(holds => holds(hash));
  }
}

const hashOf = (id: string): string => hash128(id).slice(0, 16);

/** A request that a transcript told of, by the id that OTLP may tell it under. */
const toldId = (request: string): string => `told:${request}`;

/**
 * The line that a pruned segment begins with: these ids, and the blocks that stood there before. `mark`: a random text,
 * by which one pruning is told from another.
 */
export function goneLine(mark: string, ids: Iterable<string>, before: readonly string[]): string {
  const hashes: string[] = [];
  for (const id of ids) {
    hashes.push(hashOf(id));
    const request = requestIdOf(id);
    if (request !== '' && !isOtlpId(id)) hashes.push(hashOf(toldId(request)));
  }
  const blocks = hashes.length > 0 ? packIds(hashes, before, Number.POSITIVE_INFINITY) : before;
  return JSON.stringify({ pruned: mark, ids: blocks });
}

/** The blocks in such a line; null if it is another line, or damaged. */
export function goneBlocks(line: string): string[] | null {
  if (!line.startsWith(PREFIX)) return null;
  try {
    const { ids } = JSON.parse(line) as { ids?: unknown };
    return Array.isArray(ids) && ids.every(block => typeof block === 'string') ? (ids as string[]) : null;
  } catch {
    return null;
  }
}
