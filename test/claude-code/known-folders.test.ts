/** Transcripts that are as they were when they were read are told from all others, without being listed. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type FolderTime, FolderTimes, hasTime } from '../../src/claude-code/folder-time.ts';
import { usageTotals } from '../../src/query/usage/usage-totals.ts';
import { KeptIndex } from '../../src/store/usage-index.ts';
import { TranscriptLook } from '../../src/transcript-news.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import {
  agentFile,
  allAnswers,
  inFile,
  inMain,
  type UsageWorld,
  usageWorld,
  waitForTick,
} from '../helpers/usage-cases.ts';
import { HAIKU, SESSION, transcript, used } from '../helpers/write-transcripts.ts';

const PROJECT = 'projects/-home-dev';
/** On ext4, XFS, Btrfs and tmpfs; elsewhere names are compared, and these tests show the same of that. */
const KEEPS_TIME = [0xef53, 0x58465342, 0x9123683e, 0x01021994].includes(statfsSync(tmpdir()).type);

/** A session with an agent and one of a workflow, read twice: the second time nothing was new. */
function world(): UsageWorld {
  const made = usageWorld();
  const t = transcript();
  made.append(...inMain(t.prompt('hello'), t.answer('a', used(1, 1))));
  made.append(...inFile(agentFile('a1').file, t.prompt('work'), t.answer('b', used(2, 2))));
  made.append(
    ...inFile(`${SESSION}/subagents/workflows/w1/agent-a2.jsonl`, t.prompt('more'), t.answer('c', used(4, 4))),
  );
  mkdirSync(`${made.claudeDir}/${PROJECT}/memory`);
  made.read();
  expect(made.read().news).toBeNull();
  return made;
}

function isAsKnown({ stateDir, claudeDir }: UsageWorld): boolean {
  const kept = KeptIndex.open(stateDir);
  const look = new TranscriptLook([claudeDir], kept?.foldersToCompare() ?? null, Date.now());
  kept?.close();
  return look.isAsKnown;
}

const CHANGES: Record<string, (folder: string, made: UsageWorld) => void> = {
  'a transcript grew': folder => appendFileSync(`${folder}/${SESSION}.jsonl`, '\n'),
  'a transcript of an agent grew': (_, made) => appendFileSync(made.path(agentFile('a1').file), '\n'),
  'a transcript of a workflow grew': folder =>
    appendFileSync(`${folder}/${SESSION}/subagents/workflows/w1/agent-a2.jsonl`, '\n'),
  'a transcript was written again': folder => {
    const path = `${folder}/${SESSION}.jsonl`;
    const { atime, mtime } = statSync(path);
    utimesSync(path, atime, new Date(mtime.getTime() + 1000));
  },
  'another file took the name of a transcript, of the same size and age': folder => {
    const path = `${folder}/${SESSION}.jsonl`;
    cpSync(path, `${folder}/../other`);
    const { atime, mtimeMs } = statSync(path);
    // In the middle of the millisecond, from which seconds as a fraction do not lead out.
    utimesSync(`${folder}/../other`, atime, (Math.floor(mtimeMs) + 0.5) / 1000);
    renameSync(`${folder}/../other`, path);
  },
  'a session began': folder => writeFileSync(`${folder}/11111111-0000-4000-8000-000000000001.jsonl`, ''),
  'an agent began': folder => writeFileSync(`${folder}/${SESSION}/subagents/agent-a9.jsonl`, ''),
  'a workflow began': folder => {
    mkdirSync(`${folder}/${SESSION}/subagents/workflows/w2`);
    writeFileSync(`${folder}/${SESSION}/subagents/workflows/w2/agent-a9.jsonl`, '');
  },
  'the first agent of a session began': folder => {
    mkdirSync(`${folder}/memory/subagents`);
    writeFileSync(`${folder}/memory/subagents/agent-a9.jsonl`, '');
  },
  'a project began': folder => mkdirSync(`${folder}/../-home-other`),
  'a transcript is gone': (_, made) => rmSync(made.path(agentFile('a1').file)),
  'all are gone': (_, { claudeDir }) => rmSync(`${claudeDir}/projects`, { recursive: true }),
};

describe('what was looked through', () => {
  it('is known again, and what is none of it does not matter', () => {
    const made = world();
    expect(isAsKnown(made)).toBe(true);
    writeFileSync(`${made.claudeDir}/settings.json`, '{}');
    mkdirSync(`${made.claudeDir}/${PROJECT}/${SESSION}/tool-results`);
    writeFileSync(`${made.claudeDir}/${PROJECT}/${SESSION}/tool-results/a.txt`, '');
    expect(isAsKnown(made)).toBe(true);
  });

  it.each(Object.entries(CHANGES))('is another thing when %s', (_, change) => {
    const made = world();
    waitForTick(made.stateDir);
    change(`${made.claudeDir}/${PROJECT}`, made);
    expect(isAsKnown(made)).toBe(false);
  });

  it('is known for the folders of the client that were looked at, and for no others', () => {
    const made = world();
    const kept = KeptIndex.open(made.stateDir);
    const known = kept?.foldersToCompare() ?? null;
    kept?.close();
    expect(new TranscriptLook([made.claudeDir, tempDir()], known, Date.now()).isAsKnown).toBe(false);
  });

  it('is another thing when a link to a project becomes a folder of it', () => {
    const made = usageWorld();
    const t = transcript();
    made.append(...inMain(t.prompt('hello'), t.answer('a', used(1, 1))));
    const elsewhere = tempDir();
    const linked = `${made.claudeDir}/projects/-home-linked`;
    symlinkSync(elsewhere, linked);
    made.read();
    expect(isAsKnown(made)).toBe(true);
    waitForTick(made.stateDir);
    writeFileSync(`${elsewhere}/22222222-0000-4000-8000-000000000001.jsonl`, '');
    expect(isAsKnown(made)).toBe(true);
    rmSync(linked);
    cpSync(elsewhere, linked, { recursive: true });
    expect(isAsKnown(made)).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)('is looked through once more when it cannot be told what a link is', () => {
    const made = usageWorld();
    const t = transcript();
    made.append(...inMain(t.prompt('hello'), t.answer('a', used(1, 1))));
    symlinkSync(tempDir(), `${made.claudeDir}/projects/-home-linked`);
    made.read();
    chmodSync(`${made.claudeDir}/projects`, 0o400);
    expect(isAsKnown(made)).toBe(false);
    chmodSync(`${made.claudeDir}/projects`, 0o700);
  });
});

describe('the time of a folder', () => {
  /** Of a folder that holds one file, as whoever looks `later` milliseconds afterwards knows it. */
  function timed(later: number): { folder: string; time: FolderTime } {
    const folder = tempDir();
    writeFileSync(`${folder}/one`, '');
    // Whole seconds, which can be given back as they were.
    utimesSync(folder, 1_000_000_000, 1_000_000_000);
    return { folder, time: new FolderTimes(statSync(folder).ctimeMs + later).of(folder) };
  }

  it.runIf(KEEPS_TIME)('tells that nothing was made, removed or renamed in it', () => {
    const { folder, time } = timed(10_000);
    waitForTick(tempDir());
    appendFileSync(`${folder}/one`, 'more');
    expect(hasTime(folder, time)).toBe(true);
  });

  const changes: Record<string, (folder: string) => void> = {
    made: folder => writeFileSync(`${folder}/two`, ''),
    removed: folder => rmSync(`${folder}/one`),
    renamed: folder => renameSync(`${folder}/one`, `${folder}/two`),
    'made, and the folder was given its old times': folder => {
      const { atime, mtime } = statSync(folder);
      writeFileSync(`${folder}/two`, '');
      utimesSync(folder, atime, mtime);
    },
    'in a folder that took its place': folder => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    },
    gone: folder => rmSync(folder, { recursive: true }),
  };

  it.each(Object.entries(changes))('is another one when something was %s', (_, change) => {
    const { folder, time } = timed(10_000);
    waitForTick(tempDir());
    change(folder);
    expect(hasTime(folder, time)).toBe(false);
  });

  it('tells nothing while changes may come that it does not show, or by a clock that was put back', () => {
    for (const later of [0, 2900, -10_000]) {
      const { folder, time } = timed(later);
      expect(time).toEqual([]);
      expect(hasTime(folder, time)).toBe(false);
    }
  });

  it('tells nothing of a folder that is not there', () => {
    const none = `${tempDir()}/none`;
    expect(new FolderTimes(Date.now()).of(none)).toEqual([]);
    expect(hasTime(none, [])).toBe(false);
  });

  it.runIf(KEEPS_TIME)('is no other folder’s, even if it has the same', () => {
    const { folder, time } = timed(10_000);
    const [at, inode, device] = time as [number, number, number];
    expect(hasTime(folder, time)).toBe(true);
    expect(hasTime(folder, [at, inode + 1, device])).toBe(false);
    expect(hasTime(folder, [at, inode, device + 1])).toBe(false);
  });

  it.runIf(existsSync('/proc/self'))('tells nothing on other file systems', () => {
    expect(new FolderTimes(Date.now() + 10_000).of('/proc/self')).toEqual([]);
  });
});

describe('the sum of everything', () => {
  it('is what all rows sum to, without the rows', () => {
    const made = world();
    const { view } = made.readSum();
    expect(usageTotals(view)).toEqual(allAnswers(made.read().view).totals);
    expect(() => view.cube).toThrow('expected rows, got the sum only');
  });

  it('has what is new in it', () => {
    const made = world();
    const t = transcript(SESSION, Date.parse('2026-02-01T12:00:00Z'));
    made.append(...inMain(t.answer('d', used(100, 0))));
    const read = made.readSum();
    expect([read.news?.requests, usageTotals(read.view).totals.total_tokens_input]).toEqual([1, 107]);
    expect(usageTotals(made.readSum().view)).toEqual(usageTotals(read.view));
  });

  it('is counted anew when a price changes', () => {
    const made = world();
    const before = usageTotals(made.readSum().view).totals;
    const prices = { input: 1, output: 1, cache_read: 1, cache_write_5m: 1, cache_write_1h: 1 };
    const models = { [HAIKU]: { model_name: 'Dear', ...prices } };
    writeFileSync(`${made.stateDir}/usage_pricing.json`, JSON.stringify({ models }));
    const after = usageTotals(made.readSum().view).totals;
    expect(after.total_tokens_input).toBe(before.total_tokens_input);
    // Fourteen tokens at a dollar for a thousand.
    expect(after.total_cost).toBe(0.014);
    expect(after).toEqual(usageTotals(made.read().view).totals);
  });
});
