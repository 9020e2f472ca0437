/** The index is a cache: whatever happens to its bytes, the answer is right. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usageTotals } from '../../src/query/usage/usage-totals.ts';
import { emptyIndex, KeptIndex, type UsageIndex, writeUsageIndex } from '../../src/store/usage-index.ts';
import { pointOf } from '../../src/usage/cube-point.ts';
import { billedRequest, hostileText, tokens } from '../helpers/arbitrary-requests.ts';
import { stamping } from '../helpers/attribution-cases.ts';
import { makeFolder } from '../helpers/run-cli.ts';
import { agentFile, allAnswers, inFile, inMain, type UsageWorld, usageWorld } from '../helpers/usage-cases.ts';
import { transcript, used } from '../helpers/write-transcripts.ts';

const rules = {
  costOf: () => 5,
  costOfSum: () => null,
  stageOf: () => ({ stage: null, method: 'exact' as const }),
};

const indexPath = ({ stateDir }: { stateDir: string }): string => `${stateDir}/usage/index.bin`;

/** All of it; null if any part is damaged. */
function readWhole(stateDir: string): UsageIndex | null {
  const kept = KeptIndex.open(stateDir);
  try {
    const index = kept?.index() ?? null;
    const sessions = kept?.sessions() ?? null;
    return index && sessions && { ...index, sessions };
  } finally {
    kept?.close();
  }
}

/** All that an index holds, without what was added and taken away. */
function contentOf(index: UsageIndex): unknown {
  const { cube, ...rest } = index;
  const { slots, dimensions, methods, measures } = cube.columns;
  const rows = Array.from({ length: cube.size }, (__, row) => ({
    slot: slots[row],
    methods: methods[row],
    names: Object.entries(dimensions).map(([key, codes]) => cube.names[key as 'model'][codes[row] ?? 0]),
    measures: Object.values(measures).map(column => column[row]),
  }));
  return { ...rest, rows: rows.map(row => JSON.stringify(row)).sort() };
}

describe('the file of an index', () => {
  it('gives back what was written', () => {
    const requests = fc.array(billedRequest({ tokens: tokens(fc.nat(1000)) }), { maxLength: 30 });
    const texts = fc.dictionary(
      hostileText,
      fc.jsonValue().map(value => JSON.stringify(value)),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(requests, texts, hostileText, (all, sessions, fingerprint) => {
        const stateDir = makeFolder();
        mkdirSync(`${stateDir}/usage`);
        const index = emptyIndex(fingerprint);
        for (const request of all) index.cube.add(pointOf(request, rules));
        index.sessions = new Map(Object.entries(sessions).filter(([key]) => key !== ''));
        index.through.set(1, 5000).set(2, 7);
        index.folders.set('/a', [[['/a/projects', 'b/c', [0, 1, 2, 3]]], []]);
        index.files.set('/a "b"/\n', { offset: 1, tail: 'x', size: 2, mtimeMs: 3, ino: 4, damaged: 5 });
        Object.assign(index, { startedAt: 5, updatedAt: 6, unreadable: 7 });
        writeUsageIndex(stateDir, index);
        const read = readWhole(stateDir);
        expect(read && contentOf(read)).toEqual(contentOf(index));
        // A cube that was read can be added to.
        for (const request of all) read?.cube.add(pointOf(request, rules));
        for (const request of all) index.cube.add(pointOf(request, rules));
        expect(read && contentOf(read)).toEqual(contentOf(index));
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) },
    );
  });

  it('without a request may be added to', () => {
    const stateDir = makeFolder();
    mkdirSync(`${stateDir}/usage`);
    writeUsageIndex(stateDir, emptyIndex('x'));
    const index = readWhole(stateDir);
    for (const request of fc.sample(billedRequest(), 200)) index?.cube.add(pointOf(request, rules));
    const counts: Iterable<number> = index?.cube.columns.measures.requests ?? [];
    expect([...counts].reduce((sum, count) => sum + count, 0)).toBe(200);
  });
});

/** A session with a skill and an agent, read, and then written on. */
function world(): UsageWorld {
  const made = usageWorld({ [agentFile('a1').note]: { agentType: 'builder', toolUseId: 't2' } });
  const t = transcript();
  const s = stamping(t);
  made.append(...inMain(t.command('ship'), s.skill('a', 't1', 'plan'), ...s.loaded('t1', 'plan'), s.agent('b', 't2')));
  made.append(...inFile(agentFile('a1').file, t.prompt('work'), t.answer('c', used(7, 70))));
  made.read();
  return made;
}

describe('an index that is damaged', () => {
  const changed = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant('flip' as const), fc.nat(), fc.nat(7)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('cut' as const), fc.nat(), fc.nat(7)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('longer' as const), fc.nat(64), fc.nat(7)) },
  );
  const damage = (bytes: Buffer, [kind, at, bit]: ['flip' | 'cut' | 'longer', number, number]): Buffer => {
    if (kind === 'cut') return bytes.subarray(0, at % bytes.length);
    if (kind === 'longer') return Buffer.concat([bytes, Buffer.alloc(at + 1)]);
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ (1 << bit);
    return copy;
  };

  it('is noticed', () => {
    const made = world();
    const bytes = readFileSync(indexPath(made));
    fc.assert(
      fc.property(changed, change => {
        writeFileSync(indexPath(made), damage(bytes, change));
        expect(readWhole(made.stateDir)).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it('is made anew, and what follows belongs where it would have', () => {
    const t = transcript();
    const later = (made: UsageWorld): unknown => {
      made.append(...inMain(t.answer('d', used(1, 1)), t.prompt('hello', 'p2'), t.answer('e', used(1, 1))));
      return allAnswers(made.read().view);
    };
    const expected = later(world());
    fc.assert(
      fc.property(changed, change => {
        const made = world();
        const before = allAnswers(made.read().view);
        const bytes = damage(readFileSync(indexPath(made)), change);
        writeFileSync(indexPath(made), bytes);
        expect(usageTotals(made.readSum().view)).toEqual(before.totals);
        writeFileSync(indexPath(made), bytes);
        expect(allAnswers(made.read().view)).toEqual(before);
        expect(later(made)).toEqual(expected);
        expect(made.read().news).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  it('may be a link, or empty', () => {
    const made = world();
    const before = allAnswers(made.read().view);
    writeFileSync(indexPath(made), '');
    expect(allAnswers(made.read().view)).toEqual(before);
    rmSync(indexPath(made));
    const elsewhere = `${makeFolder()}/other`;
    writeFileSync(elsewhere, 'theirs');
    symlinkSync(elsewhere, indexPath(made));
    expect(allAnswers(made.read().view)).toEqual(before);
    expect(readFileSync(elsewhere, 'utf8')).toBe('theirs');
  });
});
