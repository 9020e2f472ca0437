/** A state folder that cannot be written: usage is counted all the same, and the answer says that nothing of it is kept. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readUsage } from '../../src/read-usage-now.ts';
import { PACKAGED_PRICES } from '../helpers/prices.ts';
import { fill, smallDisk } from '../helpers/small-disk.ts';
import { inMain, sums, sumsOf, type UsageWorld, usageWorld } from '../helpers/usage-cases.ts';
import { type Fields, transcript, used } from '../helpers/write-transcripts.ts';

const worldOn = (path: string): UsageWorld => usageWorld({}, `${path}/state`);

/** A prompt and so many requests, with one token of input each. */
function work(count: number, from = 0): Fields[] {
  const t = transcript();
  return [t.prompt('hello'), ...Array.from({ length: count }, (_, n) => t.answer(`a${from + n}`, used(1, 0)))];
}

const counted = (count: number) => sums({ requests: count, input: count, cost: count / 1e6 });
const temporaries = (): string[] => readdirSync(tmpdir()).filter(name => name.startsWith('spanbook-usage-'));

describe.each([0, 300, 4096])('a full disk with %d bytes left', left => {
  it('counts and says so, and keeps all when there is room', context => {
    const disk = smallDisk('size=256k');
    if ('refused' in disk) return context.skip(disk.refused);
    const world = worldOn(disk.path);
    world.append(...inMain(...work(5)));
    expect(sumsOf(world.read().view)).toEqual(counted(5));
    const room = `${disk.path}/room`;
    const filler = `${disk.path}/filler`;
    if (left > 0) execFileSync('dd', ['if=/dev/zero', `of=${room}`, `bs=${left}`, 'count=1'], { stdio: 'ignore' });
    fill(filler);
    rmSync(room, { force: true });
    world.append(...inMain(...work(60, 5)));
    const before = temporaries();
    for (let reading = 0; reading < 2; reading++) {
      expect(sumsOf(world.read().view)).toEqual(counted(65));
      expect(world.said).toEqual([
        expect.stringMatching(/cannot be written \(ENOSPC\); usage is counted, and nothing of it is kept/),
      ]);
    }
    expect(temporaries()).toEqual(before);
    rmSync(filler);
    expect(sumsOf(world.read().view)).toEqual(counted(65));
    expect([world.said, world.read().news]).toEqual([[], null]);
  });
});

describe('a folder that is read-only', () => {
  it('counts what is new and says so', context => {
    const disk = smallDisk('size=256k');
    if ('refused' in disk) return context.skip(disk.refused);
    const world = worldOn(disk.path);
    world.append(...inMain(...work(5)));
    world.read();
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);
    expect(sumsOf(world.read().view)).toEqual(counted(5));
    expect(world.said).toEqual([]);
    world.append(...inMain(...work(2, 5)));
    expect(sumsOf(world.read().view)).toEqual(counted(7));
    expect(world.said).toEqual([expect.stringContaining('cannot be written (EROFS)')]);
    execFileSync('mount', ['-o', 'remount,rw', disk.path]);
    expect(sumsOf(world.read().view)).toEqual(counted(7));
    expect(world.said).toEqual([]);
  });

  it('in which there is no state folder yet, counts and says so', context => {
    const disk = smallDisk('size=64k');
    if ('refused' in disk) return context.skip(disk.refused);
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);
    const world = worldOn(disk.path);
    world.append(...inMain(...work(3)));
    expect(sumsOf(world.read().view)).toEqual(counted(3));
    expect(world.said).toEqual([expect.stringContaining('cannot be written (EROFS)')]);
    expect(existsSync(world.stateDir)).toBe(false);
  });
});

it('usage of which nothing is to be kept has the prices of the folder all the same', () => {
  const world = usageWorld();
  world.append(...inMain(...work(4)));
  const { model } = world.read().view.cube.names;
  const models = { [model[1] ?? '']: { input: 0.01, output: 0.02 } };
  writeFileSync(`${world.stateDir}/usage_pricing.json`, JSON.stringify({ models }));
  const { stateDir, claudeDir } = world;
  const options = { stateDir, claudeDirs: [claudeDir], now: Date.now() + 600_000, pricingPath: PACKAGED_PRICES };
  const { view, pricing, isKept } = readUsage({ ...options, say: () => {}, keep: false });
  expect([isKept, pricing.overridden, sumsOf(view).cost]).toEqual([false, [model[1]], 0.000_04]);
});
