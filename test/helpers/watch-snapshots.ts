/** Snapshots of real state folders, for tests of what `watch` makes of them. */
import { styleOf } from '../../src/cli/style.ts';
import { WatchPainter } from '../../src/cli/watch/watch-picture.ts';
import type { WatchSnapshot } from '../../src/cli/watch/watch-snapshot.ts';
import { WatchSource } from '../../src/cli/watch/watch-source.ts';
import type { Fact } from '../../src/model/fact.ts';
import { makeState, T0 } from './run-cli.ts';
import { ROOT } from './run-program.ts';

export const UTF8 = styleOf({ env: { LANG: 'C.UTF-8' }, isTty: false }).marks;
export const ASCII = styleOf({ env: { LANG: 'C' }, isTty: false }).marks;

export function makeSource(facts: readonly Fact[], now: () => number = () => T0): WatchSource {
  return new WatchSource({
    stateDir: makeState(facts),
    claudeDirs: [],
    pricingPath: `${ROOT}config/usage_pricing.json`,
    workerPath: '',
    say: () => {},
    now,
  });
}

/** As at `T0`. */
export const snapshotOf = (facts: readonly Fact[]): WatchSnapshot => makeSource(facts).snapshot();

export const painterOf = (marks = UTF8): WatchPainter => new WatchPainter(marks);
