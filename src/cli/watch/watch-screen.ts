/** The loop of the full-screen view: draws what changed, asks the keys, ends when the person has seen enough. */
import type { CommandCall } from '../command-spec.ts';
import { openTerminal, type Terminal } from '../open-terminal.ts';
import { decodeKeys, settleKeys } from './decode-keys.ts';
import { diffScreen } from './diff-screen.ts';
import { pressKey } from './press-key.ts';
import type { ScreenLine } from './screen-line.ts';
import { type Picture, WatchPainter } from './watch-picture.ts';
import type { WatchSource } from './watch-source.ts';
import type { WatchState } from './watch-state.ts';

/** While only clocks change. */
const TICK_MILLIS = 1000;
/** Between two pictures of what changes quickly. */
const CHANGE_MILLIS = 150;
/** A terminal that is slow to take a picture rests this many times as long as it took. */
const REST_FACTOR = 4;
/** The rest of a sequence of keys comes at once, or never. */
const ESCAPE_MILLIS = 60;

export interface WatchScreenOptions {
  call: Pick<CommandCall, 'context' | 'style'>;
  source: WatchSource;
  state: WatchState;
  session: string | undefined;
}

export class WatchScreen {
  readonly #options: WatchScreenOptions;
  readonly #painter: WatchPainter;
  #state: WatchState;
  #picture: Picture | null = null;
  /** What the terminal shows; null if nobody knows. */
  #shown: readonly ScreenLine[] | null = null;
  #terminal: Terminal | null = null;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #restMillis = 0;
  #input = '';
  #inputTimer: NodeJS.Timeout | undefined;
  #end: (code: number) => void = () => {};

  constructor(options: WatchScreenOptions) {
    this.#options = options;
    this.#painter = new WatchPainter(options.call.style.marks, options.session);
    this.#state = options.state;
  }

  /** Resolves to the exit code. */
  run(): Promise<number> {
    const { stopped } = this.#options.call.context;
    return new Promise(resolve => {
      const onStopped = (): void => this.#end(0);
      this.#end = code => {
        clearTimeout(this.#timer);
        clearTimeout(this.#inputTimer);
        stopped?.removeEventListener('abort', onStopped);
        this.#terminal?.close();
        this.#terminal = null;
        resolve(code);
      };
      stopped?.addEventListener('abort', onStopped);
      this.#terminal = openTerminal({
        onInput: text => this.#take(text),
        onStale: () => this.#redraw(),
        onEnd: code => this.#end(code),
      });
      this.#draw();
    });
  }

  /** There is something new to show. */
  changed(): void {
    this.#drawIn(this.#drawnAt + Math.max(CHANGE_MILLIS, this.#restMillis) - performance.now());
  }

  #redraw(): void {
    this.#shown = null;
    this.#drawIn(0);
  }

  #take(text: string): void {
    clearTimeout(this.#inputTimer);
    const { keys, rest } = decodeKeys(this.#input + text);
    this.#input = rest;
    this.#press(keys);
    if (rest === '') return;
    this.#inputTimer = setTimeout(() => {
      this.#input = '';
      this.#press(settleKeys(rest));
    }, ESCAPE_MILLIS);
  }

  #press(keys: readonly string[]): void {
    for (const key of keys) {
      // Each key acts on what the one before it left; only the last picture is drawn.
      const { list, height, maxScroll, state } = this.#picture ?? this.#paint();
      const next = pressKey(state, key, { list, height, maxScroll });
      if (next === 'quit') return this.#end(0);
      if (next === 'suspend') this.#terminal?.suspend();
      else if (next === 'redraw') this.#shown = null;
      else {
        this.#state = next;
        this.#picture = null;
      }
    }
    if (keys.length > 0) this.#drawIn(0);
  }

  #paint(): Picture {
    const size = this.#terminal?.size() ?? { columns: 80, rows: 24 };
    this.#picture = this.#painter.paint(this.#state, this.#options.source.snapshot(), size);
    this.#state = this.#picture.state;
    return this.#picture;
  }

  #draw(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    // Somebody else has the screen; when it comes back, it is stale.
    if (!this.#terminal?.isOpen) return;
    const { style, context } = this.#options.call;
    const { lines } = this.#paint();
    const isOther = this.#shown?.length !== lines.length || widthOf(this.#shown) !== widthOf(lines);
    const text = diffScreen(isOther ? null : this.#shown, lines, { color: style.color });
    this.#shown = lines;
    const before = performance.now();
    if (text !== '') context.stdout.write(text);
    this.#drawnAt = performance.now();
    this.#restMillis = (this.#drawnAt - before) * REST_FACTOR;
    // With the clock of the wall, so that its seconds are shown when they begin.
    this.#drawIn(Math.max(this.#restMillis, TICK_MILLIS - (context.now() % TICK_MILLIS)));
  }

  /** What is due sooner stays due. */
  #drawIn(millis: number): void {
    if (!this.#terminal) return;
    const at = performance.now() + Math.max(0, millis);
    if (at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, millis));
  }
}

const widthOf = (lines: readonly ScreenLine[] | null): number =>
  lines?.[0]?.reduce((sum, { width }) => sum + width, 0) ?? 0;
