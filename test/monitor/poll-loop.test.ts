/** When usage is looked for, on a clock that tests move. */
import { describe, expect, it } from 'vitest';
import { Episode } from '../../src/monitor/episode.ts';
import { PollLoop } from '../../src/monitor/poll-loop.ts';
import type { PollResult } from '../../src/monitor/usage-poller.ts';
import { memoryLog, SimulatedClock } from '../helpers/simulated-clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Setting {
  /** What a look does; default: nothing is new. */
  poll?: (clock: SimulatedClock) => Promise<PollResult>;
  intervalMillis?: number;
}

function makeLoop({ poll = async () => ({ changed: false }), intervalMillis = 300 * SECOND }: Setting = {}) {
  const clock = new SimulatedClock();
  const log = memoryLog();
  /** When each look began, on the monotonic clock. */
  const began: number[] = [];
  let running = 0;
  let most = 0;
  const loop = new PollLoop({
    clock,
    intervalMillis,
    episode: new Episode('usage cannot be read', log, clock.monotonic),
    poll: async () => {
      began.push(clock.monotonic());
      most = Math.max(most, ++running);
      try {
        return await poll(clock);
      } finally {
        running--;
      }
    },
  });
  loop.start(0);
  return { clock, log, began, loop, most: () => most };
}

describe('usage is looked for', () => {
  it('at the start, and then at each interval', async () => {
    const { clock, began } = makeLoop();
    await clock.advance(2 * 300 * SECOND);
    expect(began).toEqual([0, 300 * SECOND, 600 * SECOND]);
  });

  it('some 2 s after transcripts changed, however often they do', async () => {
    const { clock, began, loop } = makeLoop();
    await clock.advance(10 * SECOND);
    for (let change = 0; change < 30; change++) {
      loop.hint();
      await clock.advance(100);
    }
    expect(began).toEqual([0, 12 * SECOND]);
    await clock.advance(3 * SECOND);
    expect(began).toEqual([0, 12 * SECOND, 14 * SECOND]);
  });

  it('with no more than a twentieth of the time, though transcripts change all the time', async () => {
    const { clock, began, loop, most } = makeLoop({
      poll: async clock => {
        clock.pass(SECOND);
        return { changed: true };
      },
    });
    for (let second = 0; second < 600; second++) {
      loop.hint();
      await clock.advance(SECOND);
    }
    expect(began.length).toBeGreaterThan(20);
    expect(began.length).toBeLessThanOrEqual(clock.monotonic() / (21 * SECOND) + 1);
    expect(most()).toBe(1);
  });

  it('once more for a change that came during a look', async () => {
    const { clock, began, loop } = makeLoop();
    await clock.advance(SECOND);
    const asked = loop.pollNow();
    loop.hint();
    await asked;
    await clock.advance(3 * SECOND);
    expect(began).toEqual([0, SECOND, 3 * SECOND]);
  });

  it('when the last look said, but not later than the interval', async () => {
    const waits = [40 * SECOND, 24 * HOUR, -HOUR];
    const { clock, began } = makeLoop({
      poll: async clock => ({ changed: false, next_at: clock.now() + (waits.shift() ?? 24 * HOUR) }),
    });
    await clock.advance(700 * SECOND);
    expect(began).toEqual([0, 40 * SECOND, 340 * SECOND, 340 * SECOND, 640 * SECOND]);
  });

  it('at once for somebody who asks, with a look that begins after the question', async () => {
    let answer: (result: PollResult) => void = () => {};
    const { clock, began, loop, most } = makeLoop({
      poll: () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    });
    await clock.advance(0);
    const asked = [loop.pollNow(), loop.pollNow()];
    expect(began).toHaveLength(1);
    answer({ changed: false });
    await clock.advance(0);
    expect(began).toHaveLength(2);
    answer({ changed: true });
    expect(await Promise.all(asked)).toEqual([{ changed: true }, { changed: true }]);
    expect([began.length, most()]).toEqual([2, 1]);
  });

  it('at another interval as soon as that is set', async () => {
    const { clock, began, loop } = makeLoop();
    await clock.advance(100 * SECOND);
    loop.intervalMillis = 30 * SECOND;
    await clock.advance(40 * SECOND);
    expect(began).toEqual([0, 100 * SECOND, 130 * SECOND]);
    loop.intervalMillis = HOUR;
    await clock.advance(50 * MINUTE);
    expect(began).toHaveLength(3);
    await clock.advance(20 * MINUTE);
    expect(began).toHaveLength(4);
  });

  it.each([-24 * HOUR, 40 * 24 * HOUR])('as ever, when the clock of the wall jumps by %d ms', async jump => {
    const { clock, began, loop } = makeLoop({
      poll: async clock => ({ changed: false, next_at: clock.now() + HOUR }),
    });
    await clock.advance(100 * SECOND);
    clock.jump(jump);
    await clock.advance(500 * SECOND);
    expect(began).toEqual([0, 300 * SECOND, 600 * SECOND]);
    expect(loop.lastAt).toBe(clock.now());
  });
});

describe('a look that fails', () => {
  it('is told once, tried again, and told again when all is well', async () => {
    let isBroken = true;
    const { clock, began, log, loop } = makeLoop({
      poll: async () => {
        if (isBroken) throw new Error('ENOSPC: no space left on device');
        return { changed: false };
      },
    });
    await clock.advance(200 * SECOND);
    expect(began.slice(0, 4)).toEqual([0, 5 * SECOND, 15 * SECOND, 35 * SECOND]);
    expect(log.lines).toEqual(['warn usage cannot be read: ENOSPC: no space left on device; tried again']);
    expect(loop.lastAt).toBeNull();
    await clock.advance(30 * MINUTE);
    // Never less often than it looks for new usage.
    expect((began.at(-1) ?? 0) - (began.at(-2) ?? 0)).toBe(300 * SECOND);
    isBroken = false;
    await clock.advance(300 * SECOND);
    expect(log.lines).toHaveLength(2);
    expect(log.lines[1]).toMatch(/^info usage cannot be read: all is well again, after \d+ attempts that failed$/);
  });

  it('is told to whoever asked for it', async () => {
    const { clock, loop } = makeLoop({
      poll: async () => {
        throw new Error('no');
      },
    });
    await clock.advance(SECOND);
    await expect(loop.pollNow()).rejects.toThrow('no');
  });
});

describe('the end', () => {
  it('waits for the look that is under way, and lets no other begin', async () => {
    let answer: (result: PollResult) => void = () => {};
    const { clock, began, loop } = makeLoop({
      poll: () =>
        new Promise(resolve => {
          answer = resolve;
        }),
    });
    await clock.advance(0);
    loop.hint();
    let isOver = false;
    const stopped = loop.stop().then(() => {
      isOver = true;
    });
    await clock.advance(HOUR);
    expect(isOver).toBe(false);
    answer({ changed: true });
    await stopped;
    await clock.advance(HOUR);
    expect([began.length, clock.pending]).toEqual([1, 0]);
  });
});

it('two days make a look for each interval, whatever happens to the clock of the wall', async () => {
  const { clock, began, loop, most } = makeLoop();
  for (let hour = 0; hour < 48; hour++) {
    clock.jump(hour % 5 === 0 ? -90 * MINUTE : hour % 7 === 0 ? 26 * HOUR : 0);
    await clock.advance(HOUR);
  }
  expect(began).toHaveLength(48 * 12 + 1);
  expect([loop.lastAt, most(), clock.pending]).toEqual([clock.now(), 1, 1]);
});
