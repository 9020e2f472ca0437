/** Transcripts that somebody writes, cuts, replaces or removes while they are read. */
import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NOON } from '../helpers/client-facts.ts';
import {
  agentFile,
  inFile,
  inMain,
  MAIN,
  removeIndex,
  sums,
  sumsOf,
  type UsageWorld,
  usageWorld,
} from '../helpers/usage-cases.ts';
import { type Fields, SESSION, transcript, used } from '../helpers/write-transcripts.ts';

const FIRST = { message: { stop_reason: null } };
const text = (...records: Fields[]): string => records.map(record => `${JSON.stringify(record)}\n`).join('');
const sumsIn = (world: UsageWorld) => sumsOf(world.read().view);

/** A prompt and requests of one, two, four, … of input. */
function records(count: number, from = 'a'): Fields[] {
  const t = transcript();
  const answers = Array.from({ length: count }, (_, n) => t.answer(`${from}${n}`, used(2 ** n, 0)));
  return [t.prompt('hello'), ...answers];
}

function started(count = 2): UsageWorld {
  const world = usageWorld();
  world.append(...inMain(...records(count)));
  world.read();
  return world;
}

describe('a transcript that grows', () => {
  it('counts the last copy of a request, though its first was counted before', () => {
    const world = usageWorld();
    const t = transcript();
    world.append(...inMain(t.prompt('hello'), t.answer('a', used(10, 1), FIRST)));
    expect(sumsIn(world)).toEqual(sums({ requests: 1, input: 10, output: 1, cost: 0.000015, incomplete: 1 }));
    world.append(...inMain(t.answer('a', used(10, 20))));
    expect(sumsIn(world)).toEqual(sums({ requests: 1, input: 10, output: 20, cost: 0.00011 }));
    world.append(...inMain(t.answer('a', used(10, 20)), t.answer('a', used(10, 1), FIRST)));
    expect(sumsIn(world)).toEqual(sums({ requests: 1, input: 10, output: 20, cost: 0.00011 }));
  });

  it('counts a line when it is whole, though its line end is missing', () => {
    const world = started(1);
    const path = world.path(MAIN);
    const line = JSON.stringify(records(2)[2]);
    appendFileSync(path, line.slice(0, -1));
    expect(sumsIn(world)).toEqual(sums({ requests: 1, input: 1, cost: 0.000001 }));
    appendFileSync(path, '}');
    expect(sumsIn(world)).toEqual(sums({ requests: 2, input: 3, cost: 0.000003 }));
    appendFileSync(path, `\n${text(records(3)[3] as Fields)}`);
    expect(sumsIn(world)).toEqual(sums({ requests: 3, input: 7, cost: 0.000007 }));
  });

  it('is read where it was left, though a character was torn', () => {
    const world = usageWorld();
    const t = transcript();
    const bytes = Buffer.from(text(t.prompt('grüße 😀'), { ...t.answer('a', used(1, 0)), cwd: '/home/jürgen' }));
    world.append(...inMain(t.prompt('hello')));
    for (const byte of bytes) {
      appendFileSync(world.path(MAIN), Buffer.of(byte));
      if (byte > 0x7e || byte === 0x0a) world.read();
    }
    expect(sumsIn(world)).toEqual(sums({ requests: 1, input: 1, cost: 0.000001 }));
  });
});

describe('a transcript with damaged lines', () => {
  it('says how many there are, once, however often it is read', () => {
    const world = usageWorld();
    const t = transcript();
    const unknown = { ...t.answer('x', used(1, 0)), timestamp: undefined };
    world.append(...inMain(t.prompt('hello'), '{"type":"assist', t.answer('a', used(1, 0)), '\0\0\0', unknown));
    const expected = { requests: 1, input: 1, cost: 0.000001, damaged: 3 };
    expect(sumsIn(world)).toEqual(sums(expected));
    expect(sumsIn(world)).toEqual(sums(expected));
    world.append(...inMain('{"torn', t.answer('b', used(1, 0))));
    expect(sumsIn(world)).toEqual(sums({ requests: 2, input: 2, cost: 0.000002, damaged: 4 }));
    removeIndex(world);
    expect(sumsIn(world)).toEqual(sums({ requests: 2, input: 2, cost: 0.000002, damaged: 4 }));
  });
});

describe('a transcript that is not what it was', () => {
  it('keeps what was counted when it shrinks, and counts what comes then', () => {
    const world = started(3);
    const size = Buffer.byteLength(text(...records(1)));
    truncateSync(world.path(MAIN), size);
    expect(sumsIn(world)).toEqual(sums({ requests: 3, input: 7, cost: 0.000007 }));
    world.append(...inMain(transcript().answer('new', used(8, 0))));
    expect(sumsIn(world)).toEqual(sums({ requests: 4, input: 15, cost: 0.000015 }));
  });

  it('is read anew when another file takes its name', () => {
    const world = started(2);
    const other = `${world.path(MAIN)}.tmp`;
    writeFileSync(other, text(...records(3, 'b')));
    renameSync(other, world.path(MAIN));
    expect(sumsIn(world)).toEqual(sums({ requests: 5, input: 10, cost: 0.00001 }));
  });

  it('is read anew when another file takes its name, though that goes on alike', () => {
    const world = started(4);
    const [prompt, first, ...rest] = records(5) as [Fields, Fields, ...Fields[]];
    const other = transcript().answer('b0', used(5, 0));
    expect(text(other).length).toBe(text(first).length);
    expect(text(...rest.slice(0, -1)).length).toBeGreaterThan(1024);
    writeFileSync(`${world.path(MAIN)}.tmp`, text(prompt, other, ...rest));
    renameSync(`${world.path(MAIN)}.tmp`, world.path(MAIN));
    expect(sumsIn(world)).toEqual(sums({ requests: 6, input: 36, cost: 0.000036 }));
  });

  it('is read anew when it was written anew in place, with lines as long as before', () => {
    const world = started(2);
    const before = statSync(world.path(MAIN));
    writeFileSync(world.path(MAIN), text(...records(3, 'b')));
    expect(statSync(world.path(MAIN)).ino).toBe(before.ino);
    expect(sumsIn(world)).toEqual(sums({ requests: 5, input: 10, cost: 0.00001 }));
  });

  it('begins anew: what was at work at its end is not at its beginning', () => {
    const t = transcript();
    const call = { content: [{ type: 'tool_use', id: 't1', name: 'Skill', input: { skill: 'plan' } }] };
    const skill = (id: string) => [t.answer(id, used(1, 0), call), t.result('t1'), t.answer(`${id}2`, used(1, 0))];
    const world = usageWorld();
    world.append(...inMain(t.command('ship'), ...skill('a')));
    world.read();
    writeFileSync(world.path(MAIN), text(t.command('ship'), t.answer('b', used(1, 0)), t.answer('c', used(1, 0))));
    const { cube } = world.read().view;
    expect(cube.names.skill).toContain('plan');
    const told = readFileSync(`${world.stateDir}/usage/requests-00000001.jsonl`, 'utf8').split('\n');
    const skills = told.flatMap(line => /"id":"msg_(\w+):.*"k":"([^"]*)"/.exec(line)?.slice(1).join(' ') ?? []);
    expect(skills).toEqual(['a (none)', 'a2 plan', 'b (none)', 'c (none)']);
  });

  it('is told by the ledger when it was removed', () => {
    const world = started(2);
    rmSync(world.path(MAIN));
    expect(sumsIn(world)).toEqual(sums({ requests: 2, input: 3, cost: 0.000003 }));
    world.append(...inMain(...records(2)));
    expect(sumsIn(world)).toEqual(sums({ requests: 2, input: 3, cost: 0.000003 }));
  });

  it('gives back what the ledger lost', () => {
    const world = started(3);
    const ledger = `${world.stateDir}/usage/requests-00000001.jsonl`;
    truncateSync(ledger, statSync(ledger).size - 100);
    expect(sumsIn(world)).toEqual(sums({ requests: 3, input: 7, cost: 0.000007 }));
    rmSync(ledger);
    expect(sumsIn(world)).toEqual(sums({ requests: 3, input: 7, cost: 0.000007 }));
  });
});

describe('a transcript that cannot be read', () => {
  it('is said to be so, and harms nobody else', () => {
    const world = started(2);
    symlinkSync('/proc/self/mem', world.path('0b6e0000-0000-4000-8000-00000000000f.jsonl'));
    symlinkSync('round.jsonl', world.path('round.jsonl'));
    for (let reading = 0; reading < 2; reading++) {
      const { view } = world.read();
      expect(sumsOf(view)).toEqual(sums({ requests: 2, input: 3, cost: 0.000003 }));
      expect(view.head.skipped.unreadable_files).toBe(1);
      expect(world.said).toEqual([expect.stringContaining('expected a transcript to read, got none')]);
    }
  });
});

describe('a clock that jumps', () => {
  it('back or forth loses nothing and counts nothing twice', () => {
    const world = usageWorld();
    const lines = records(4);
    for (const [index, line] of lines.entries()) {
      world.append(...inMain(line));
      world.read(NOON + (index % 2 === 0 ? -1 : 1) * 365 * 86_400_000);
    }
    expect(sumsIn(world)).toEqual(sums({ requests: 4, input: 15, cost: 0.000015 }));
  });

  it('leaves transcripts from the future, which count all the same', () => {
    const world = usageWorld();
    const agent = agentFile('acompact-1').file;
    world.append(...inMain(...records(1)), ...inFile(agent, ...records(2, 'b')));
    const future = new Date(Date.now() + 86_400_000);
    utimesSync(world.path(agent), future, future);
    expect(sumsOf(world.read(Date.now()).view)).toEqual(sums({ requests: 3, input: 4, cost: 0.000004 }));
  });

  it('may give a request a time before there were computers', () => {
    const world = usageWorld();
    const t = transcript(SESSION, Date.parse('0001-01-01T00:00:00Z'));
    const far = transcript(SESSION, Date.parse('+200000-01-01T00:00:00Z'));
    world.append(...inMain(t.answer('a', used(1, 0), FIRST), far.answer('b', used(2, 0), FIRST)));
    expect(sumsIn(world)).toEqual(sums({ requests: 2, input: 3, cost: 0.000003, incomplete: 2 }));
    world.append(...inMain(t.answer('a', used(1, 0)), far.answer('b', used(2, 0))));
    expect(sumsIn(world)).toEqual(sums({ requests: 2, input: 3, cost: 0.000003 }));
  });
});
