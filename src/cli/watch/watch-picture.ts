/** The screen of a moment, from what there is and what the person chose. */
import type { Marks } from '../style.ts';
import { orderRuns, wordsOf } from './order-runs.ts';
import { settleState } from './press-key.ts';
import { layoutOf, renderScreen, type Screen } from './render-screen.ts';
import { RowList } from './row-list.ts';
import type { RunSummary } from './run-summary.ts';
import type { ScreenSize } from './screen-line.ts';
import type { WatchSnapshot } from './watch-snapshot.ts';
import type { WatchState } from './watch-state.ts';

export interface Picture extends Screen {
  /** With what is chosen where it stands now. */
  state: WatchState;
  list: RowList;
}

export class WatchPainter {
  readonly #marks: Marks;
  readonly #session: string | undefined;
  #runs: RunSummary[] = [];
  #runsOf = '';
  #list: ({ list: RowList; runs: readonly RunSummary[] } & Pick<WatchState, 'folds' | 'foldAll'>) | null = null;

  /** `session`: the first letters of the only one that is shown. */
  constructor(marks: Marks, session?: string) {
    this.#marks = marks;
    this.#session = session;
  }

  paint(chosen: WatchState, snapshot: WatchSnapshot, size: ScreenSize): Picture {
    const page = { ...size, marks: this.#marks };
    const list = this.#listOf(chosen, snapshot);
    const { height } = layoutOf(page, snapshot, chosen);
    const state = chosen.view === 'list' ? settleState(chosen, { list, height }) : chosen;
    return { ...renderScreen(page, snapshot, { state, list }), state, list };
  }

  /** The same list as before while nothing has changed but the clock. */
  #listOf(state: WatchState, snapshot: WatchSnapshot): RowList {
    const { table, now } = snapshot;
    const { folds, foldAll, filter } = state;
    const runs = this.#ordered(state, snapshot);
    const before = this.#list;
    const isSame = before && before.runs === runs && before.folds === folds && before.foldAll === foldAll;
    if (isSame && now < before.list.staleAt) return before.list;
    const list = new RowList(runs, { table, folds, foldAll, words: wordsOf(filter), now });
    this.#list = { list, runs, folds, foldAll };
    return list;
  }

  /** Ten thousand runs are put in order when one of them changed, not whenever the clock ticks. */
  #ordered(state: WatchState, snapshot: WatchSnapshot): RunSummary[] {
    const { sort, running, problems, filter } = state;
    const key = JSON.stringify([snapshot.version, sort, running, problems, filter]);
    if (key !== this.#runsOf) {
      this.#runs = orderRuns(snapshot.runs, { ...state, session: this.#session, now: snapshot.now });
      this.#runsOf = key;
    }
    return this.#runs;
  }
}
