/** Processes that read the same transcripts while they grow, and are killed. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { PACKAGED_PRICES } from '../helpers/prices.ts';
import { startFixture } from '../helpers/run-program.ts';
import {
  allAnswers,
  type Line,
  removeIndex,
  sums,
  sumsOf,
  type UsageWorld,
  usageWorld,
} from '../helpers/usage-cases.ts';
import { usageRound } from '../helpers/usage-rounds.ts';
import { fault, times } from './fault.ts';

const READERS = 3;

/** Appends a line in two pieces, as a writer may be seen to do. */
function appendTorn(world: UsageWorld, [file, line]: Line, at: number): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  world.append([file, '']);
  appendFileSync(world.path(file), bytes.subarray(0, at % bytes.length));
  appendFileSync(world.path(file), bytes.subarray(at % bytes.length));
}

const startReader = ({ stateDir, claudeDir }: UsageWorld): ChildProcess =>
  startFixture('read-usage', [stateDir, claudeDir, PACKAGED_PRICES]);

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('kill -9', () => {
  fault(
    'several readers of usage, while transcripts grow',
    'no token is lost and none counts twice',
    async ({ count }) => {
      const rounds = times(30, 300);
      const world = usageWorld();
      const readers = Array.from({ length: READERS }, () => startReader(world));
      onTestFinished(() => {
        for (const reader of readers) reader.kill('SIGKILL');
      });
      for (let round = 0; round < rounds; round++) {
        const victim = round % READERS;
        // Some are killed while they start, some in the middle of a reading, some after one.
        for (let reading = Math.floor(Math.random() * 3); reading > 0; reading--) {
          await once(readers[victim]?.stdout as NodeJS.ReadableStream, 'data');
        }
        for (const line of usageRound(round)) appendTorn(world, line, Math.floor(Math.random() * 2000));
        await new Promise(resolve => setImmediate(resolve));
        await kill(readers[victim] as ChildProcess);
        readers[victim] = startReader(world);
        count('kills', 1);
      }
      await Promise.all(readers.map(kill));
      const { view } = world.read();
      // 21 of input and 42 of output a round.
      expect(sumsOf(view)).toEqual(
        sums({ requests: 3 * rounds, input: 21 * rounds, output: 42 * rounds, cost: (rounds * 231) / 1e6 }),
      );
      const truth = usageWorld();
      for (let round = 0; round < rounds; round++) truth.append(...usageRound(round));
      expect(allAnswers(view)).toEqual(allAnswers(truth.read().view));
      removeIndex(world);
      expect(allAnswers(world.read().view)).toEqual(allAnswers(view));
      count('requests', 3 * rounds);
      count('lost', 0);
    },
  );
});
