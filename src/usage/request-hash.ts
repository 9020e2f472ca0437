/**
 * Hashes of the ids of requests: 96 bits, in three words. What OTLP tells of a request has two of them in common with
 * what a transcript tells of it.
 */
import { fmix, rotl } from '../model/ids.ts';
import { isOtlpId } from './request-id.ts';

/** How many numbers a hash is. */
export const HASH_WORDS = 3;
/** What stands for the part before the request's id, where there is none. */
export const OTLP = 0;
export const WHOLE = 1;

/** `first` and `second`: of the client's id of the request, or of the whole id. `before`: of what stands before that. */
export interface RequestHash {
  first: number;
  second: number;
  before: number;
}

/** The hashes of many ids, one after the other. */
export function hashesOf(ids: readonly string[]): Uint32Array {
  const hashes = new Uint32Array(HASH_WORDS * ids.length);
  const hash = { first: 0, second: 0, before: 0 };
  for (let index = 0; index < ids.length; index++) {
    hashId(ids[index] ?? '', hash);
    hashes[HASH_WORDS * index] = hash.first;
    hashes[HASH_WORDS * index + 1] = hash.second;
    hashes[HASH_WORDS * index + 2] = hash.before;
  }
  return hashes;
}

/** Puts the hash of an id into `hash`: `msg_…:req_…` in its two parts, an id of another kind as a whole. */
export function hashId(id: string, hash: RequestHash): void {
  const cut = id.includes('#') ? -1 : id.indexOf(':');
  const isWhole = cut < 0 || cut === id.length - 1;
  const from = isWhole ? 0 : cut + 1;
  let first = isWhole ? 0x2545f491 : 0x9e3779b9;
  let second = 0x7feb352d;
  for (let at = from; at < id.length; at++) {
    const code = id.charCodeAt(at);
    first = Math.imul(rotl(first, 5) ^ code, 0x85ebca6b);
    second = Math.imul(rotl(second, 5) ^ code, 0xc2b2ae35);
  }
  hash.first = fmix(first ^ (id.length - from)) >>> 0;
  hash.second = fmix(second ^ hash.first) >>> 0;
  if (isWhole) hash.before = WHOLE;
  else if (isOtlpId(id)) hash.before = OTLP;
  else {
    let before = 0x165667b1;
    for (let at = 0; at < cut; at++) before = Math.imul(rotl(before, 5) ^ id.charCodeAt(at), 0x27d4eb2f);
    hash.before = Math.max(fmix(before) >>> 0, WHOLE + 1);
  }
}
