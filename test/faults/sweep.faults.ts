/** Each call of the file system fails once, in every part that writes: what was acknowledged stays, and the next try is whole. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { carryOut } from '../../src/claude-code/file-plan.ts';
import { planInstall } from '../../src/claude-code/install.ts';
import { planUninstall } from '../../src/claude-code/uninstall.ts';
import { appendFact } from '../../src/journal/append-fact.ts';
import { LiveDocument } from '../../src/store/live-document.ts';
import { makeStateDir } from '../../src/store/make-state-dir.ts';
import { pruneLedger } from '../../src/store/prune-ledger.ts';
import { newestLimits, recordLimits } from '../../src/store/rate-limits.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { removeStaleTemporaries } from '../../src/store/write-file.ts';
import { countLedger, RULES } from '../helpers/ledger.ts';
import { ROOT } from '../helpers/run-program.ts';
import { makeNote, span } from '../helpers/script-facts.ts';
import { allEvents, readDocument } from '../helpers/state-folder.ts';
import { fillUsageState } from '../helpers/usage-state.ts';
import { fault } from './fault.ts';
import { sweep } from './sweep.ts';

const SOON = 61_000;

/** Nothing lies about that the next writer would not remove. */
function expectNoLeftovers(...folders: string[]): void {
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    removeStaleTemporaries(folder, Date.now() + SOON);
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([]);
  }
}

interface Written {
  stateDir: string;
  acknowledged: string[];
  /** What stands in the place of a document from the beginning. */
  damaged?: string;
}

/** A document that is there must be whole, at any moment. */
function expectWhole({ stateDir, damaged }: Written): void {
  const path = `${stateDir}/pipeline_progress.json`;
  if (existsSync(path) && readFileSync(path, 'utf8') !== damaged) readDocument(stateDir);
}

function expectAll(world: Written, maxBytes: number): void {
  const { stateDir, acknowledged } = world;
  expectWhole(world);
  makeStateDir(stateDir);
  refreshDocument(stateDir, maxBytes);
  const ids = allEvents(stateDir).map(event => event.event_id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(acknowledged));
  expect(readDocument(stateDir).statistics.total_events).toBe(ids.length);
  expectNoLeftovers(stateDir, `${stateDir}/archive`);
}

const HOOK_LIMIT = 1500;
function appendAndRefresh({ stateDir, acknowledged }: Written): void {
  for (let number = 1; number <= 6; number++) {
    try {
      makeStateDir(stateDir);
      appendFact(stateDir, makeNote(number), { maxBytes: HOOK_LIMIT, fsync: true });
      acknowledged.push(`evt-${span(number)}`);
      refreshDocument(stateDir, HOOK_LIMIT);
    } catch {
      // As in a hook: counted, and the next one tries again.
    }
  }
}

describe('the file system fails at each call', () => {
  fault('events, the document, and two rotations', 'acknowledged events are there once, documents whole', row =>
    sweep<Written>(row, {
      make: folder => ({ stateDir: `${folder}/state`, acknowledged: [] }),
      act: appendAndRefresh,
      check: world => expectAll(world, HOOK_LIMIT),
    }),
  );

  fault('the same in a folder that needs repair', 'acknowledged events are there once, documents whole', row =>
    sweep<Written>(row, {
      make: folder => {
        const world = {
          stateDir: `${folder}/state`,
          acknowledged: [`evt-${span(0x101)}`],
          damaged: '{"schema_version":',
        };
        makeStateDir(world.stateDir);
        appendFact(world.stateDir, makeNote(0x101), { maxBytes: HOOK_LIMIT, fsync: false });
        refreshDocument(world.stateDir, HOOK_LIMIT);
        // A killed writer, a document that somebody cut, and what lay beside it.
        writeFileSync(`${world.stateDir}/journal/events-00000001.jsonl`, '{"v":1,"at":', { flag: 'a' });
        writeFileSync(`${world.stateDir}/pipeline_progress.json`, world.damaged);
        writeFileSync(`${world.stateDir}/.pipeline_progress.json.1-x.tmp`, '{', { flag: 'a' });
        return world;
      },
      act: appendAndRefresh,
      check: world => expectAll(world, HOOK_LIMIT),
    }),
  );

  fault('a program with its live document', 'nothing that it told is lost once the disk takes it', row =>
    sweep<Written & { document: LiveDocument | null; told: string[] }>(row, {
      make: folder => ({ stateDir: `${folder}/state`, acknowledged: [], document: null, told: [] }),
      act: world => {
        world.document = new LiveDocument(world.stateDir, { onError: message => world.told.push(message) });
        for (let number = 1; number <= 5; number++) {
          world.document.append(makeNote(number));
          world.acknowledged.push(`evt-${span(number)}`);
          if (number % 2 === 0) world.document.flush();
        }
      },
      staysOpen: 1,
      check: world => {
        expectWhole(world);
        world.document?.flush();
        expect(world.document?.dropped).toBe(0);
        expectAll(world, 1e6);
      },
    }),
  );

  fault('the ledger while it is pruned', 'its sums are what they were', row =>
    sweep<{ stateDir: string; before: object }>(row, {
      make: folder => {
        fillUsageState(folder, [
          { at: '2026-10-01T08:03:00Z', tokens: { input: 1000, output: 100 } },
          { at: '2026-10-01T08:14:59Z', tokens: { input: 500, cache_read: 7 }, isFinal: false },
          { at: '2026-11-20T08:03:00Z', tokens: { output: 1 } },
        ]);
        return { stateDir: folder, before: countLedger(folder) };
      },
      act: world => prune(world.stateDir),
      check: ({ stateDir, before }) => {
        expect(countLedger(stateDir)).toEqual(before);
        prune(stateDir);
        expect(countLedger(stateDir)).toEqual(before);
        expectNoLeftovers(`${stateDir}/usage`);
      },
    }),
  );

  fault('the limits of the plan', 'what was noted is read back', row =>
    sweep<{ stateDir: string; noted: number }>(row, {
      make: folder => ({ stateDir: folder, noted: 0 }),
      act: world => {
        for (let used = 1; used <= 4; used++) {
          try {
            recordLimits(world.stateDir, limitsAt(used), { maxBytes: 300 });
            world.noted = used;
          } catch {
            // A status line shows what it has, and notes it the next time.
          }
        }
      },
      check: ({ stateDir, noted }) => {
        const found = newestLimits(stateDir)?.rate_limits?.five_hour?.used_percentage ?? 0;
        expect(found).toBeGreaterThanOrEqual(noted);
      },
    }),
  );

  const SETTINGS = '{\n  // mine\n  "hooks": { "Stop": [] }, "env": {"A": "1"}\n}\n';
  fault('init', 'the settings are the old or the new ones, and the next init does the rest', row =>
    sweep<{ folder: string }>(row, {
      make: folder => {
        mkdirSync(`${folder}/.claude`);
        writeFileSync(`${folder}/.claude/settings.json`, SETTINGS);
        return { folder };
      },
      act: ({ folder }) => install(folder),
      check: ({ folder }) => {
        const settings = readFileSync(`${folder}/.claude/settings.json`, 'utf8');
        if (settings !== SETTINGS) expect(settings).toContain('hooks/spanbook/claude-code.cjs');
        install(folder);
        uninstall(folder);
        expect(readFileSync(`${folder}/.claude/settings.json`, 'utf8')).toBe(SETTINGS);
        expectOnlySettings(folder);
      },
    }),
  );

  fault('uninstall', 'the settings are the old or the new ones, and the next uninstall does the rest', row =>
    sweep<{ folder: string }>(row, {
      make: folder => {
        mkdirSync(`${folder}/.claude`);
        writeFileSync(`${folder}/.claude/settings.json`, SETTINGS);
        install(folder);
        return { folder };
      },
      act: ({ folder }) => uninstall(folder),
      check: ({ folder }) => {
        uninstall(folder);
        expect(readFileSync(`${folder}/.claude/settings.json`, 'utf8')).toBe(SETTINGS);
        expectOnlySettings(folder);
      },
    }),
  );
});

/** An empty folder may stay where `init` was stopped between making it and noting that. */
function expectOnlySettings(folder: string): void {
  const files = readdirSync(`${folder}/.claude`, { recursive: true, encoding: 'utf8' });
  expect(files.filter(name => !name.endsWith('.tmp') && !['hooks', 'hooks/spanbook'].includes(name))).toEqual([
    'settings.json',
  ]);
}

const prune = (stateDir: string): object =>
  pruneLedger({
    stateDir,
    before: Date.parse('2026-11-01T00:00:00Z'),
    now: Date.parse('2026-11-26T10:20:00Z'),
    rules: RULES,
    isDryRun: false,
  });

const limitsAt = (used: number): Parameters<typeof recordLimits>[1] => ({
  v: 1,
  at: new Date(Date.parse('2026-11-01T00:00:00Z') + used * 1000).toISOString(),
  session_id: 's1',
  rate_limits: { five_hour: { used_percentage: used, resets_at: null } },
});

const placeOf = (folder: string) => ({ claudeDir: `${folder}/.claude`, project: folder, isLocal: false });

function install(folder: string): void {
  // The hooks lie where no fault reaches them.
  carryOut(planInstall({ place: placeOf(folder), builtHooks: `${ROOT}dist/hooks`, version: '1.0.0' }).plan);
}

const uninstall = (folder: string): void => carryOut(planUninstall(placeOf(folder)).plan);
