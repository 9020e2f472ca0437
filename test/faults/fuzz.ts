/** Many random inputs for one entry point, and what must hold of each: no crash, no hang, no trace on what all objects share. */
import { rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type FaultRow, times } from './fault.ts';

/** One input that takes longer hangs, unless it does not do so again: the machine may have been busy. */
const HANG_MILLIS = 100;
const BATCH = 20;

export interface Fuzzing<T> {
  input: fc.Arbitrary<T>;
  /** Number of inputs. Default: 100,000 in the short form, 1,000,000 in the long one. */
  inputs?: number;
  /** Takes some inputs at once, as an entry point that reads files does. Returns how many were accepted; throws if it must not. */
  take(inputs: readonly T[]): number | Promise<number>;
  /** The least part of all inputs that must be accepted, and refused, or the generator misses the point. Default: 2 %. */
  leastPart?: number;
}

/** Tries them, and counts what was accepted and refused. */
export async function fuzz<T>({ count }: FaultRow, fuzzing: Fuzzing<T>): Promise<void> {
  const { input, take, inputs = times(100_000, 1_000_000), leastPart = 0.02 } = fuzzing;
  const shared = sharedByAll();
  let tried = 0;
  let accepted = 0;
  const batches = fc.array(input, { minLength: BATCH, maxLength: BATCH, size: 'max' });
  const property = fc.asyncProperty(batches, async batch => {
    const began = performance.now();
    const taken = await take(batch);
    accepted += taken;
    tried += batch.length;
    if (performance.now() - began > HANG_MILLIS) for (const one of batch) await expectNoHang(() => take([one]), one);
    expect(sharedByAll()).toBe(shared);
  });
  await fc.assert(property, { numRuns: Math.ceil(inputs / BATCH) });
  count('inputs', tried);
  count('accepted', accepted);
  count('refused', tried - accepted);
  expect(accepted).toBeGreaterThan(leastPart * tried);
  expect(tried - accepted).toBeGreaterThan(leastPart * tried);
}

/** By the time that this process worked, and not the others on a machine that is busy. */
async function expectNoHang(take: () => unknown, input: unknown): Promise<void> {
  let millis = HANG_MILLIS;
  for (let attempt = 0; attempt < 2 && millis >= HANG_MILLIS; attempt++) {
    const before = process.cpuUsage();
    await take();
    const { user, system } = process.cpuUsage(before);
    millis = (user + system) / 1000;
  }
  if (millis >= HANG_MILLIS)
    throw new Error(`took ${millis.toFixed(0)} ms, twice: ${fc.stringify(input).slice(0, 2000)}`);
}

/** Names of all that every object and list inherits. */
const sharedByAll = (): string =>
  [Object.prototype, Array.prototype, Function.prototype]
    .map(shared => Reflect.ownKeys(shared).map(String).join())
    .join(';');

/** Puts a file anew: ext4 writes one to the disk at once that is cut to nothing first, which takes a hundred times as long. */
export function putFile(path: string, content: string | Buffer): void {
  rmSync(path, { force: true });
  writeFileSync(path, content);
}
