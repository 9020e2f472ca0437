/** Every call of the file system fails once: the first, the second, … until a run meets no fault any more. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect } from 'vitest';
import { type FaultRow, isLong } from './fault.ts';
import { type Faulted, type FaultKind, withFault } from './faulty-fs.ts';

const KINDS: readonly FaultKind[] = isLong ? ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'SHORT'] : ['EIO', 'SHORT'];
const MAX_CALLS = 5000;
/** Memory where there is some: thousands of small folders would keep a disk busy, and the faults are not its own. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export interface Scenario<World> {
  /** Before any fault, in an empty folder. */
  make(folder: string): World | Promise<World>;
  /** What meets the fault. What it throws is no failure; what it acknowledged it notes in its world. */
  act(world: World): unknown;
  /** When the fault is over. */
  check(world: World, faulted: Faulted): void | Promise<void>;
  /** Descriptors that may be open when `act` is done, as those of writers that stay. */
  staysOpen?: number;
}

export async function sweep<World>({ count }: FaultRow, scenario: Scenario<World>): Promise<void> {
  for (const kind of KINDS) {
    for (const stays of isLong ? [false, true] : [kind !== 'EIO']) {
      for (let at = 1; ; at++) {
        const folder = mkdtempSync(`${PLACE}/spanbook-sweep-`);
        try {
          const world = await scenario.make(folder);
          const faulted = await withFault(folder, { kind, at, stays }, () => scenario.act(world));
          const where = `${kind} at call ${at} (${faulted.call})${stays ? ' and all after it' : ''}`;
          try {
            expect(faulted.leftOpen).toBeLessThanOrEqual(scenario.staysOpen ?? 0);
            await scenario.check(world, faulted);
          } catch (error) {
            throw new Error(`${where}: ${error instanceof Error ? error.message : error}`, { cause: error });
          }
          if (!faulted.hit) {
            // A scenario that never comes to a file would pass whatever the product does.
            expect(at).toBeGreaterThan(1);
            break;
          }
          expect(at).toBeLessThan(MAX_CALLS);
          count('faults', 1);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }
    }
  }
}
