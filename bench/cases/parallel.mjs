// Eight at once: hook processes, and writers of one journal. How fast, and whether all is there afterwards.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hookPayload } from '../hook-payload.mjs';
import { interleave } from '../interleave.mjs';
import { makeState } from '../make-state.mjs';
import { findPython } from '../peers/python.mjs';
import { HOOK, MB } from '../places.mjs';
import { ratioRow } from '../rows.mjs';
import { bareEnv, millisSince } from '../run-process.mjs';
import { median } from '../statistics.mjs';
import { withFolder } from '../with-folder.mjs';

const AT_ONCE = 8;
const RATE_PLAN =
  'With every core busy it is CPU time that counts: the hook loads a file, the empty script does not. Next: load what only the end of a run needs when a run ends.';
const WRITERS_PLAN =
  'Appends to one file wait for its lock in the kernel. Next: nothing for hooks, which append once; fewer system calls an append help all writers.';
const WRITER = fileURLToPath(new URL('../append-writer.mjs', import.meta.url));

/** Processes a second, eight at a time. */
async function rate([command, ...args], { env, count }) {
  const began = process.hrtime.bigint();
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      const child = spawn(command, args, { env: bareEnv(env), stdio: ['pipe', 'ignore', 'ignore'] });
      // One that reads nothing may be gone before all is written.
      child.stdin.on('error', () => {}).end(hookPayload());
      await once(child, 'exit');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return count / (millisSince(began) / 1000);
}

function linesOf(stateDir) {
  const folder = `${stateDir}/journal`;
  return readdirSync(folder)
    .flatMap(name => readFileSync(`${folder}/${name}`, 'utf8').split('\n'))
    .filter(line => line !== '');
}

/** Facts a second that so many processes append together, once all are up. Every line must be there, and whole. */
async function appendRate(folder, { writers, each }) {
  const stateDir = `${folder}/appended`;
  rmSync(stateDir, { recursive: true, force: true });
  mkdirSync(`${stateDir}/journal`, { recursive: true });
  const children = Array.from({ length: writers }, (_, index) =>
    fork(WRITER, [stateDir, String(each), String(index)], { env: bareEnv() }),
  );
  await Promise.all(children.map(child => once(child, 'message')));
  const began = process.hrtime.bigint();
  const ends = children.map(child => once(child, 'exit'));
  for (const child of children) child.send('go');
  await Promise.all(ends);
  const seconds = millisSince(began) / 1000;
  const ids = new Set(linesOf(stateDir).map(line => JSON.parse(line).id));
  if (ids.size !== writers * each) throw new Error(`writers: expected ${writers * each} facts, got ${ids.size}`);
  return ids.size / seconds;
}

async function keptByPython(python, { folder, count }) {
  const path = `${folder}/python.json`;
  rmSync(path, { force: true });
  await rate(python.hook(path), { count });
  return JSON.parse(readFileSync(path, 'utf8')).events.length;
}

async function keptRows(folder, { rounds, count }) {
  const python = findPython();
  const state = `${folder}/kept`;
  const kept = await interleave(
    {
      ours: async () => {
        rmSync(state, { recursive: true, force: true });
        makeState(state, 0);
        await rate([process.execPath, HOOK], { env: { SPANBOOK_STATE_DIR: state }, count });
        return linesOf(state).filter(line => line.includes('"skill_call"')).length;
      },
      ...(python && { python: () => keptByPython(python, { folder, count }) }),
    },
    rounds,
  );
  const what = `events kept of ${count}, ${AT_ONCE} hooks at once`;
  const isAll = kept.ours.every(found => found === count);
  const check = { says: isAll ? 'all' : `${Math.min(...kept.ours)}`, isMet: isAll };
  const against = 'Python hook, rewrites the document';
  if (!python) return [{ what, check }];
  return [{ what, check, against, figures: `${count} / ${median(kept.python)}` }];
}

const run = ({ isQuick }) =>
  withFolder(async folder => {
    const rounds = isQuick ? 3 : 9;
    const count = isQuick ? 24 : 64;
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    makeState(`${folder}/rest`, MB);
    const env = { SPANBOOK_STATE_DIR: `${folder}/rest` };
    const rates = await interleave(
      {
        empty: () => rate([process.execPath, empty], { count }),
        hooks: () => rate([process.execPath, HOOK], { env, count }),
      },
      rounds,
    );
    const appended = await interleave(
      {
        one: () => appendRate(folder, { writers: 1, each: 16_000 }),
        eight: () => appendRate(folder, { writers: AT_ONCE, each: 2000 }),
      },
      rounds,
    );
    const row = { kind: 'floor', isMoreBetter: true, unit: '/s' };
    const rows = [
      ratioRow({
        ...row,
        what: `rate of ${AT_ONCE} hooks at once`,
        against: `${AT_ONCE} empty Node scripts at once`,
        ours: rates.hooks,
        theirs: rates.empty,
        aim: { atLeast: 0.85 },
        plan: RATE_PLAN,
      }),
      ratioRow({
        ...row,
        what: `rate of ${AT_ONCE} writers of one journal, nothing lost, nothing torn`,
        against: 'one writer',
        kind: 'self',
        ours: appended.eight,
        theirs: appended.one,
        aim: { atLeast: 0.5 },
        plan: WRITERS_PLAN,
      }),
      ...(await keptRows(folder, { rounds, count })),
    ];
    return { rows };
  });

export const benchCase = {
  title: 'Eight at once',
  about:
    'Rates, so more is better. After every round each fact is looked for in the journal: a missing one ends the run.',
  run,
};
