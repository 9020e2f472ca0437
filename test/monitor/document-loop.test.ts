/** The document as a monitor keeps it, on a clock that tests move and with real files. */
import { existsSync, mkdirSync, readdirSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DocumentLoop } from '../../src/monitor/document-loop.ts';
import { Episode } from '../../src/monitor/episode.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { appendLines, end, linesOf, makeState, note, start } from '../helpers/run-cli.ts';
import { memoryLog, SimulatedClock } from '../helpers/simulated-clock.ts';
import { allEvents, archiveNames, readDocument } from '../helpers/state-folder.ts';

const LOOK = 100;
const NEVER_ROTATE = 1e12;

interface Setting {
  stateDir?: string;
  maxBytes?: number;
  hasHints?: boolean;
}

function makeLoop({ stateDir = makeState(), maxBytes = NEVER_ROTATE, hasHints = false }: Setting = {}) {
  const clock = new SimulatedClock(Date.now());
  const log = memoryLog();
  let told = 0;
  const loop = new DocumentLoop({
    stateDir,
    clock,
    maxBytes,
    episode: new Episode('the document cannot be kept', log, clock.monotonic),
    onFacts: () => void told++,
    hasHints: () => hasHints,
  });
  onTestFinished(() => loop.stop());
  loop.start();
  return { stateDir, clock, log, loop, told: () => told };
}

const eventsIn = (stateDir: string): number => readDocument(stateDir).statistics.total_events;
const path = (stateDir: string): string => `${stateDir}/pipeline_progress.json`;

describe('the document', () => {
  it('has a fact after the next look, and is left alone when nothing is new', async () => {
    const { stateDir, clock, told } = makeLoop();
    await clock.advance(LOOK);
    expect(existsSync(path(stateDir))).toBe(false);
    appendLines(stateDir, linesOf([start(1)]));
    await clock.advance(LOOK);
    expect([eventsIn(stateDir), told()]).toEqual([1, 1]);
    utimesSync(path(stateDir), 1, 1);
    await clock.advance(20 * LOOK);
    // Looked at because somebody touched it, and found whole.
    expect(told()).toBe(1);
    appendLines(stateDir, linesOf([end(1)]));
    await clock.advance(LOOK);
    expect(eventsIn(stateDir)).toBe(2);
  });

  it('has a fact at once after a hint', async () => {
    const { stateDir, clock, loop } = makeLoop();
    await clock.advance(10 * LOOK);
    appendLines(stateDir, linesOf([start(1)]));
    loop.hint();
    await clock.advance(5);
    expect(eventsIn(stateDir)).toBe(1);
  });

  it('has late lines of old segments, and those of many new ones', async () => {
    const { stateDir, clock } = makeLoop();
    for (let segment = 1; segment <= 6; segment++) appendLines(stateDir, linesOf([start(segment)]), segment);
    await clock.advance(LOOK);
    expect(allEvents(stateDir)).toHaveLength(6);
    // Writers that live long stay in the last segments for a while.
    appendLines(stateDir, linesOf([end(5)]), 5);
    await clock.advance(LOOK);
    expect(allEvents(stateDir)).toHaveLength(7);
    appendLines(stateDir, linesOf([end(1)]), 1);
    await clock.advance(11 * LOOK);
    expect(allEvents(stateDir)).toHaveLength(8);
  });

  it('is not written for half a line, nor for a blank one', async () => {
    const { stateDir, clock } = makeLoop({ stateDir: makeState([start(1)]) });
    await clock.advance(LOOK);
    unlinkSync(path(stateDir));
    writeFileSync(path(stateDir), '');
    await clock.advance(20 * LOOK);
    const whole = readDocument(stateDir);
    const line = linesOf([end(1)]);
    appendLines(stateDir, line.slice(0, 20));
    await clock.advance(5 * LOOK);
    expect(readDocument(stateDir)).toEqual(whole);
    appendLines(stateDir, line.slice(20));
    await clock.advance(5 * LOOK);
    expect(eventsIn(stateDir)).toBe(2);
  });

  it('is written anew within a second when somebody removes or damages it', async () => {
    const { stateDir, clock } = makeLoop({ stateDir: makeState([start(1), end(1)]) });
    await clock.advance(2 * LOOK);
    unlinkSync(path(stateDir));
    await clock.advance(1100);
    expect(eventsIn(stateDir)).toBe(2);
    writeFileSync(path(stateDir), '{"mine": true}');
    await clock.advance(1100);
    expect(eventsIn(stateDir)).toBe(2);
    expect(readdirSync(stateDir).filter(name => /\.bad-.*\.json$/.test(name))).toHaveLength(1);
  });

  it('of another writer stays if it tells everything', async () => {
    const { stateDir, clock } = makeLoop({ stateDir: makeState([start(1)]) });
    await clock.advance(2 * LOOK);
    appendLines(stateDir, linesOf([note(7)]));
    refreshDocument(stateDir, NEVER_ROTATE);
    const points = readdirSync(`${stateDir}/journal`).filter(name => name.startsWith('resume-'));
    utimesSync(path(stateDir), 1000, 1000);
    await clock.advance(20 * LOOK);
    expect(eventsIn(stateDir)).toBe(2);
    // Its resume point goes with that very file.
    expect(readdirSync(`${stateDir}/journal`).filter(name => name.startsWith('resume-'))).toEqual(points);
  });

  it('rotates, and no event is lost or doubled', async () => {
    const { stateDir, clock } = makeLoop({ maxBytes: 20_000 });
    for (let run = 1; run <= 200; run++) {
      appendLines(stateDir, linesOf([start(run), end(run)]), archiveNames(stateDir).length + 1);
      await clock.advance(2 * LOOK);
    }
    const events = allEvents(stateDir);
    expect(archiveNames(stateDir).length).toBeGreaterThan(3);
    expect(new Set(events.map(event => event.event_id)).size).toBe(400);
    expect(events).toHaveLength(400);
    expect(eventsIn(stateDir)).toBe(400);
  });

  it('is the same after somebody removed the journal and another one grew', async () => {
    const { stateDir, clock } = makeLoop({ stateDir: makeState([start(1), end(1), note(9)]) });
    await clock.advance(2 * LOOK);
    rmSync(`${stateDir}/journal`, { recursive: true });
    mkdirSync(`${stateDir}/journal`);
    await clock.advance(2 * LOOK);
    appendLines(stateDir, linesOf([start(2)]));
    await clock.advance(11 * LOOK);
    expect(readDocument(stateDir).events.map(event => event.activity.name)).toEqual(['/run-2']);
  });
});

describe('what a monitor does beside', () => {
  it('leaves a point to go on from, a second after the last fact and at the end', async () => {
    const { stateDir, clock, loop } = makeLoop({ stateDir: makeState([start(1)]) });
    const points = (): string[] => readdirSync(`${stateDir}/journal`).filter(name => name.startsWith('resume-'));
    await clock.advance(5 * LOOK);
    expect(points()).toEqual([]);
    await clock.advance(15 * LOOK);
    const [first] = points();
    expect(first).toMatch(/^resume-1-\d+\.json$/);
    appendLines(stateDir, linesOf([end(1)]));
    loop.stop();
    expect(eventsIn(stateDir)).toBe(2);
    expect(points()).toHaveLength(1);
    expect(points()[0]).not.toBe(first);
  });

  it('ends what dead processes left open', async () => {
    const at = Date.now();
    const gone = { pid: 2_147_483_000, started: 1, boot: 'another boot', host: '', namespace: '' };
    const { stateDir, clock } = makeLoop({
      stateDir: makeState([start(1, { at, process: await hereBut(gone) }), start(2, { at })]),
    });
    await clock.advance(6000);
    const { active_activities: open, events } = readDocument(stateDir);
    expect(open.map(({ name }) => name)).toEqual(['/run-2']);
    expect(events.find(event => event.event_type === 'command_end')).toMatchObject({ status: 'abandoned' });
  });

  it('removes what killed writers left half written', async () => {
    const stateDir = makeState([start(1)]);
    const left = `${stateDir}/.pipeline_progress.json.7-abc.tmp`;
    writeFileSync(left, 'half');
    utimesSync(left, 1, 1);
    const { clock } = makeLoop({ stateDir });
    await clock.advance(LOOK);
    expect(existsSync(left)).toBe(false);
  });
});

/** An identity of this host, so that it can be judged, with another start of the machine. */
async function hereBut(identity: { pid: number; started: number; boot: string; host: string; namespace: string }) {
  const { ownIdentity } = await import('../../src/store/process-identity.ts');
  const own = ownIdentity();
  return { ...identity, host: own?.host ?? '', namespace: own?.namespace ?? '' };
}

describe('the time', () => {
  it.each([
    ['4 % of one core', { cpu: 100, wall: 0 }, 2500],
    ['a sixth of the time', { cpu: 0, wall: 400 }, 2000],
  ])('that writing takes is %s at most', async (_, took, rest) => {
    const { stateDir, clock, loop } = makeLoop();
    await clock.advance(LOOK);
    // Whoever looks at a clock has worked or waited for so long for each event in the document.
    const since = (millis: number): number => (existsSync(path(stateDir)) ? millis * eventsIn(stateDir) : 0);
    const { monotonic } = clock;
    clock.cpu = () => since(took.cpu);
    clock.monotonic = () => monotonic() + since(took.wall);
    appendLines(stateDir, linesOf([start(1)]));
    await clock.advance(LOOK);
    // The first time every event is rendered, which never comes again.
    appendLines(stateDir, linesOf([note(7)]));
    await clock.advance(LOOK);
    expect(eventsIn(stateDir)).toBe(2);
    appendLines(stateDir, linesOf([end(1)]));
    loop.hint();
    await clock.advance(rest - 2 * LOOK);
    expect(eventsIn(stateDir)).toBe(2);
    await clock.advance(3 * LOOK);
    expect(eventsIn(stateDir)).toBe(3);
  });

  it('between looks is longer while nothing happens, where the file system gives hints', async () => {
    for (const [hasHints, looks] of [
      [true, 60],
      [false, 600],
    ] as const) {
      const { clock, loop } = makeLoop({ hasHints });
      await clock.advance(61_000);
      let count = 0;
      const real = clock.after.bind(clock);
      clock.after = (millis, act) => {
        count++;
        return real(millis, act);
      };
      await clock.advance(60_000);
      expect(count).toBeGreaterThan(looks * 0.9);
      expect(count).toBeLessThan(looks * 1.1);
      loop.stop();
    }
  });
});

describe('a document that cannot be written', () => {
  it('is told once, tried less and less often, and kept again when it can be', async () => {
    const { stateDir, clock, log } = makeLoop({ stateDir: makeState([start(1)]) });
    // A folder in the place of a segment stops root too.
    const segment = `${stateDir}/journal/events-00000009.jsonl`;
    mkdirSync(`${segment}/in the way`, { recursive: true });
    await clock.advance(120_000);
    expect(log.lines).toEqual([expect.stringMatching(/^warn the document cannot be kept: .*; tried again$/)]);
    rmSync(segment, { recursive: true });
    await clock.advance(40_000);
    expect(eventsIn(stateDir)).toBe(1);
    expect(log.lines[1]).toMatch(
      /^info the document cannot be kept: all is well again, after \d attempts that failed$/,
    );
  });
});
