import { beforeEach, describe, expect, it } from 'vitest';
import { type KeyRequest, pressKey } from '../../../src/cli/watch/press-key.ts';
import type { Picture } from '../../../src/cli/watch/watch-picture.ts';
import type { WatchSnapshot } from '../../../src/cli/watch/watch-snapshot.ts';
import { initialState, type WatchState } from '../../../src/cli/watch/watch-state.ts';
import { appendLines, end, eventId, linesOf, start, T0 } from '../../helpers/run-cli.ts';
import { makeSource, painterOf, snapshotOf } from '../../helpers/watch-snapshots.ts';
import { watchedFacts } from '../../helpers/watched-state.ts';

const SIZE = { columns: 80, rows: 24 };
let snapshot: WatchSnapshot;
beforeEach(() => {
  snapshot = snapshotOf(watchedFacts(T0));
  painter = painterOf();
});
let painter = painterOf();
const paint = (state: WatchState, size = SIZE): Picture => painter.paint(state, snapshot, size);

/** The picture after these keys. */
function press(keys: readonly string[], state = initialState()): Picture {
  let picture = paint(state);
  for (const key of keys) {
    const next = pressKey(picture.state, key, picture);
    if (typeof next === 'string') throw new Error(`${key}: expected a state, got ${next}`);
    picture = paint(next);
  }
  return picture;
}

const names = ({ list }: Picture): string[] => list.slice(0, list.length).map(({ row }) => row.name);
const chosen = ({ list, state }: Picture): string | undefined => list.at(state.index)?.row.name;

describe('keys of the list', () => {
  it.each<[string[], string]>([
    [[], '/build'],
    [['down'], 'builder'],
    [['j', 'j', 'j'], 'fuzz'],
    [['j', 'k'], '/build'],
    [['up'], '/build'],
    [['G'], '/deploy'],
    [['pagedown'], '/deploy'],
    [['G', 'pageup'], '/build'],
    [['end', 'home'], '/build'],
    // To what is above, where there is nothing to fold.
    [['j', 'j', 'j', 'left'], 'tester'],
    [['j', 'j', 'j', 'left', 'left'], 'tester'],
    [['j', 'j', 'j', 'left', 'left', 'left'], '/build'],
    [['j', 'left'], '/build'],
    [['right'], 'builder'],
  ])('%j leads to %s', (keys, name) => {
    expect(chosen(press(keys))).toBe(name);
  });

  it('folds and unfolds what is below', () => {
    expect(names(press([' ']))).toEqual(['/build', '/review', '/deploy']);
    expect(names(press(['left']))).toEqual(['/build', '/review', '/deploy']);
    expect(names(press(['left', 'right']))).toHaveLength(6);
    expect(names(press(['G', 'right']))).toContain('builder');
    expect(names(press(['a']))).toHaveLength(8);
    expect(names(press(['a', 'a']))).toHaveLength(3);
    expect(names(press(['a', 'a', 'a']))).toHaveLength(6);
  });

  it.each<[string[], string[]]>([
    [['r'], ['/build', 'builder', 'tester', 'fuzz']],
    [['e'], ['/review', '/deploy']],
    [['r', 'e'], []],
    // By duration, cost, tokens, errors.
    [
      ['a', 'a', 's'],
      ['/build', '/deploy', '/review'],
    ],
    [
      ['a', 'a', 's', 's'],
      ['/deploy', '/build', '/review'],
    ],
    [
      ['a', 'a', 's', 's', 's', 's'],
      ['/deploy', '/review', '/build'],
    ],
    [
      ['a', 'a', 's', 's', 's', 's', 's'],
      ['/build', '/review', '/deploy'],
    ],
    [['/', 'R', 'e', 'v'], ['/review']],
    [
      ['/', 'R', 'e', 'v', 'backspace', 'backspace', 'enter'],
      ['/build', 'builder', 'tester', 'fuzz', '/review', '/deploy'],
    ],
    [
      ['/', 'z', 'escape'],
      ['/build', 'builder', 'tester', 'fuzz', '/review', '/deploy'],
    ],
    [['/', 'z', 'z', 'z'], []],
    [
      ['/', 'z', 'enter', 'escape'],
      ['/build', 'builder', 'tester', 'fuzz', '/review', '/deploy'],
    ],
  ])('%j shows %j', (keys, expected) => {
    expect(names(press(keys))).toEqual(expected);
  });

  it('opens a run in which the text is below its top', () => {
    expect(names(press(['/', '名']))).toEqual(['/deploy', 'builder', 'e\u0301value\u202eur 🚀\x1b[31m 名前']);
  });

  it('types letters that are keys elsewhere', () => {
    expect(press(['/', 'q', 'j', 's']).state).toMatchObject({ filter: 'qjs', isTyping: true, sort: 'recent' });
  });

  it('opens one and comes back to it', () => {
    const opened = press(['j', 'enter']);
    expect(opened.state).toMatchObject({ view: 'detail', selected: eventId(6) });
    expect(opened.lines.map(line => line.map(({ text }) => text).join('')).join('\n')).toContain('Write the parser');
    const back = press(['escape'], opened.state);
    expect([back.state.view, chosen(back)]).toEqual(['list', 'builder']);
    expect(press(['backspace'], opened.state).state.view).toBe('list');
  });

  it('opens the first one before anybody moved', () => {
    expect(press(['enter']).state.selected).toBe(eventId(5));
  });

  it.each<[string, KeyRequest]>([
    ['q', 'quit'],
    ['ctrl-c', 'quit'],
    ['ctrl-z', 'suspend'],
    ['ctrl-l', 'redraw'],
  ])('%s asks the terminal to %s', (key, request) => {
    expect(pressKey(initialState(), key, paint(initialState()))).toBe(request);
  });

  it('does nothing in an empty list', () => {
    const empty = painterOf().paint(initialState(), snapshotOf([]), SIZE);
    for (const key of ['j', 'k', 'G', 'enter', ' ', 'left', 'right', 'pagedown']) {
      const next = pressKey(empty.state, key, empty) as WatchState;
      expect(next.view, key).toBe('list');
      expect(painterOf().paint(next, snapshotOf([]), SIZE).state.index, key).toBe(0);
    }
  });
});

describe('scrolling', () => {
  const low = { columns: 40, rows: 8 };

  it('of the help stops at its end', () => {
    let picture = paint({ ...initialState(), view: 'help' }, low);
    expect(picture.maxScroll).toBeGreaterThan(0);
    for (const key of ['G', 'j', 'pagedown']) {
      picture = paint(pressKey(picture.state, key, picture) as WatchState, low);
      expect(picture.state.scroll, key).toBe(picture.maxScroll);
    }
    picture = paint(pressKey(picture.state, 'g', picture) as WatchState, low);
    expect(picture.state.scroll).toBe(0);
    expect(pressKey(picture.state, 'x', picture)).toMatchObject({ view: 'list' });
  });
});

describe('a list that moves', () => {
  it('keeps what is chosen, where it stands on the screen', () => {
    const facts = Array.from({ length: 40 }, (_, run) => [
      start(run + 1, { at: T0 - 5_000_000 + run * 1000 }),
      end(run + 1, { at: T0 - 4_000_000 + run * 1000 }),
    ]).flat();
    const source = makeSource(facts);
    const own = painterOf();
    const small = { columns: 80, rows: 12 };
    let picture = own.paint(initialState(), source.snapshot(), small);
    for (let step = 0; step < 15; step++) {
      picture = own.paint(pressKey(picture.state, 'j', picture) as WatchState, source.snapshot(), small);
    }
    const before = { name: chosen(picture), offset: picture.state.offset };
    expect(before.offset).toBe(picture.height - 1);
    appendLines(source.snapshot().stateDir, linesOf([start(99, { at: T0 - 1000, name: '/first' })]));
    source.view.history.follow();
    picture = own.paint(picture.state, source.snapshot(), small);
    expect(picture.list.at(0)?.row.name).toBe('/first');
    expect({ name: chosen(picture), offset: picture.state.offset }).toEqual(before);
  });

  it('chooses what is above when what was chosen is folded away', () => {
    const inner = press(['j', 'j', 'j']);
    expect(chosen(paint({ ...inner.state, foldAll: 'closed' }))).toBe('/build');
    // And finds it again.
    expect(chosen(paint({ ...paint({ ...inner.state, foldAll: 'closed' }).state, foldAll: 'open' }))).toBe('fuzz');
  });
});
