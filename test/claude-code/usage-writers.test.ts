/** Several processes read the same transcripts while they grow, and are killed: nothing is lost, nothing counts twice. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NOON } from '../helpers/client-facts.ts';
import { PACKAGED_PRICES } from '../helpers/prices.ts';
import { startFixture } from '../helpers/run-program.ts';
import {
  agentFile,
  allAnswers,
  inFile,
  type Line,
  MAIN,
  removeIndex,
  sums,
  sumsOf,
  type UsageWorld,
  usageWorld,
} from '../helpers/usage-cases.ts';
import { type Fields, transcript, used } from '../helpers/write-transcripts.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 30);
const READERS = 3;
const FIRST = { message: { stop_reason: null } };

/** A round of work: a prompt, three requests in copies, one of them of an agent; some texts are no ASCII. */
function work(round: number): Line[] {
  const session = `0b6e0000-0000-4000-8000-00000000000${round % 4}`;
  const t = transcript(session, NOON + round * 60_000);
  const prompt = `p${round}`;
  const agent = `a${round}`;
  const call = { content: [{ type: 'tool_use', id: `t${round}`, name: 'Agent', input: { subagent_type: 'größer' } }] };
  const inner = [t.prompt('work', prompt), t.answer(`${round}b`, used(4, 1), FIRST), t.answer(`${round}b`, used(4, 8))];
  return [
    ...inFile(`${session}.jsonl`, t.command(`ship-${round % 3}`, prompt), t.answer(`${round}a`, used(1, 2), call)),
    ...inFile(agentFile(agent, session).file, ...inner),
    ...inFile(`${session}.jsonl`, t.result(`t${round}`, { toolUseResult: { agentId: agent } })),
    ...inFile(`${session}.jsonl`, t.answer(`${round}c`, used(16, 1), FIRST), t.answer(`${round}c`, used(16, 32))),
  ].map(([file, line]) => [file, { ...(line as Fields), cwd: '/home/jürgen' }]);
}

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

describe('processes that read at once', () => {
  it(`are killed ${ROUNDS} times, and the next reading tells the truth`, {
    timeout: 30_000 + ROUNDS * 4000,
  }, async () => {
    const world = usageWorld();
    const readers = Array.from({ length: READERS }, () => startReader(world));
    onTestFinished(() => {
      for (const reader of readers) reader.kill('SIGKILL');
    });
    for (let round = 0; round < ROUNDS; round++) {
      const victim = round % READERS;
      // Some are killed while they start, some in the middle of a reading, some after one.
      for (let reading = Math.floor(Math.random() * 3); reading > 0; reading--) {
        await once(readers[victim]?.stdout as NodeJS.ReadableStream, 'data');
      }
      for (const line of work(round)) appendTorn(world, line, Math.floor(Math.random() * 2000));
      await new Promise(resolve => setImmediate(resolve));
      await kill(readers[victim] as ChildProcess);
      readers[victim] = startReader(world);
    }
    await Promise.all(readers.map(kill));
    const { view } = world.read();
    // 21 of input and 42 of output a round.
    expect(sumsOf(view)).toEqual(
      sums({ requests: 3 * ROUNDS, input: 21 * ROUNDS, output: 42 * ROUNDS, cost: (ROUNDS * 231) / 1e6 }),
    );
    const truth = usageWorld();
    for (let round = 0; round < ROUNDS; round++) truth.append(...work(round));
    expect(allAnswers(view)).toEqual(allAnswers(truth.read().view));
    removeIndex(world);
    expect(allAnswers(world.read().view)).toEqual(allAnswers(view));
  });
});

describe('a ledger', () => {
  const ledger = ({ stateDir }: UsageWorld): string => `${stateDir}/usage/requests-00000001.jsonl`;
  const started = (): UsageWorld => {
    const world = usageWorld();
    world.append(...work(0));
    world.read();
    return world;
  };
  const ROUND = { requests: 3, input: 21, output: 42, cost: 0.000231 };

  it('that ends in half a line, or half a character, goes on behind it', () => {
    const world = started();
    const text = readFileSync(ledger(world));
    const umlaut = text.indexOf(Buffer.from('ü'));
    appendFileSync(ledger(world), text.subarray(text.lastIndexOf(0x0a, umlaut) + 1, umlaut + 1));
    expect(sumsOf(world.read().view)).toEqual(sums(ROUND));
    const t = transcript(undefined, NOON + 90_000);
    world.append([MAIN, t.prompt('grüße', 'p9')], [MAIN, { ...t.answer('x', used(1, 1), FIRST), cwd: '/home/jürgen' }]);
    world.read();
    removeIndex(world);
    world.read();
    world.append([MAIN, t.answer('x', used(1, 3))], [MAIN, t.answer('y', used(1, 0))]);
    const expected = sums({ requests: 5, input: 23, output: 45, cost: 0.000248 });
    expect(sumsOf(world.read().view)).toEqual(expected);
    removeIndex(world);
    expect(sumsOf(world.read().view)).toEqual(expected);
  });

  it('that ends in half a line is no news for ever', () => {
    const world = started();
    appendFileSync(ledger(world), '{"id":"msg_to');
    world.read();
    expect(world.read().news).toBeNull();
  });

  it('with lines that are none counts the others', () => {
    const world = started();
    const lines = readFileSync(ledger(world), 'utf8').split('\n');
    const odd = ['{"id":"x"}', '{"id":"y","at":"no","model":5,"t":[],"o":{"src":0}}', '\0\0', 'null', '{"id":"z'];
    writeFileSync(ledger(world), [...odd, ...lines, ...odd, ''].join('\n'));
    removeIndex(world);
    expect(sumsOf(world.read().view)).toEqual(sums(ROUND));
  });

  it('that nobody can find is told by the transcripts', () => {
    const world = started();
    rmSync(ledger(world));
    expect(sumsOf(world.read().view)).toEqual(sums(ROUND));
  });
});
