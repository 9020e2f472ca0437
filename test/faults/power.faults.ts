/** Power cuts: a disk in a file, whose file system is shut down in the middle of the work, without writing anything more. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { outcomeOf, startFixture } from '../helpers/run-program.ts';
import { allEvents, readDocument } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { type FaultRow, fault, times } from './fault.ts';

const DISK_BYTES = 24 * 1024 * 1024;
const LIMIT = 60_000;
const idsIn = (text: string): string[] => text.split('\n').filter(line => line.length === 16);

/** `EXT4_IOC_SHUTDOWN` with `NOLOGFLUSH`: from then on nothing reaches the disk, as if it had no power. */
const CUT = `
import fcntl, os, struct, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
fcntl.ioctl(fd, 0x8004587d, struct.pack('I', 2))
`;

class LoopDisk {
  readonly #image: string;
  readonly path: string;

  constructor(folder: string) {
    this.#image = `${folder}/disk`;
    this.path = `${folder}/mounted`;
    writeFileSync(this.#image, '');
    truncateSync(this.#image, DISK_BYTES);
    mkdirSync(this.path);
    execFileSync('mkfs.ext4', ['-q', '-F', this.#image]);
  }

  mount(): void {
    execFileSync('mount', ['-o', 'loop', this.#image, this.path], { stdio: 'pipe' });
  }

  unmount(): void {
    execFileSync('umount', [this.path]);
  }

  cut(): void {
    execFileSync('python3', ['-c', CUT, this.path]);
  }
}

/** A disk that can lose its power, or the reason why there is none here. */
function loopDisk(): LoopDisk | { refused: string } {
  for (const tool of ['mkfs.ext4', 'mount', 'umount', 'python3']) {
    if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) return { refused: `needs ${tool}` };
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { refused: 'needs root on Linux' };
  const disk = new LoopDisk(tempDir());
  try {
    disk.mount();
  } catch (error) {
    return { refused: `needs to mount a disk in a file: ${String((error as { stderr?: Buffer }).stderr).trim()}` };
  }
  onTestFinished(() => {
    spawnSync('umount', [disk.path]);
  });
  return disk;
}

interface Cut {
  stateDir: string;
  /** Acknowledged before the cut began. */
  acknowledged: string[];
}

/** Writers work until enough was acknowledged; then the power goes, and comes back. */
async function cutPower(disk: LoopDisk, stateDir: string, round: number, isSynced: boolean): Promise<Cut> {
  const enough = 20 + Math.floor(Math.random() * 200);
  const writers = [0, 1].map(lane =>
    // The second one writes the document too.
    startFixture('append-notes', [stateDir, 2 * round + lane + 1, 0, LIMIT, lane === 0 ? 0 : 10, isSynced ? 1 : 0]),
  );
  const acknowledged: string[] = [];
  let isCut = false;
  const gone = writers.map(outcomeOf);
  await new Promise<void>(resolve => {
    for (const writer of writers) {
      writer.stdout?.on('data', text => {
        // What is said while the power goes may be of either side of it.
        if (isCut) return;
        acknowledged.push(...idsIn(text));
        if (acknowledged.length < enough) return;
        isCut = true;
        resolve();
      });
    }
    void Promise.all(gone).then(() => resolve());
  });
  expect(isCut).toBe(true);
  disk.cut();
  for (const writer of writers) writer.kill('SIGKILL');
  await Promise.all(gone);
  disk.unmount();
  disk.mount();
  return { stateDir, acknowledged };
}

async function cutAgainAndAgain(row: FaultRow, isSynced: boolean): Promise<void> {
  const disk = loopDisk();
  if ('refused' in disk) return row.skip(disk.refused);
  const rounds = times(8, 100);
  let state = 0;
  let stateDir = '';
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    // A new folder now and then: how one begins is the hardest part, and the disk is small.
    if (round % 4 === 0) {
      if (stateDir !== '') rmSync(stateDir, { recursive: true });
      stateDir = `${disk.path}/state-${state++}`;
      acknowledged.clear();
    }
    const cut = await cutPower(disk, stateDir, round, isSynced);
    row.count('power cuts', 1);
    if (existsSync(`${stateDir}/pipeline_progress.json`)) {
      const text = readFileSync(`${stateDir}/pipeline_progress.json`, 'utf8');
      // It may be older, and it may be gone; it is never half.
      if (text !== '') expect(() => JSON.parse(text)).not.toThrow();
      row.count('empty documents after a cut', text === '' ? 1 : 0);
    }
    mkdirSync(stateDir, { recursive: true });
    refreshDocument(stateDir, LIMIT);
    const kept = allEvents(stateDir).map(event => event.event_id.slice(4));
    expect(new Set(kept).size).toBe(kept.length);
    expect(readDocument(stateDir).statistics.total_events).toBe(kept.length);
    for (const id of cut.acknowledged) acknowledged.add(id);
    const known = new Set(kept);
    const lost = [...acknowledged].filter(id => !known.has(id));
    if (isSynced) expect(lost).toEqual([]);
    // What is gone is gone: nobody asks for it again.
    for (const id of lost) acknowledged.delete(id);
    row.count('acknowledged', cut.acknowledged.length);
    row.count('lost', lost.length);
  }
}

describe('power cuts', () => {
  fault('with durability "fsync"', 'every event that was acknowledged is there, once', row =>
    cutAgainAndAgain(row, true),
  );

  fault('with durability "process"', 'the last seconds may be gone; documents are whole, or are made again', row =>
    cutAgainAndAgain(row, false),
  );
});
