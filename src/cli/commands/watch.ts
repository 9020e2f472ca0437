/** `watch`: what runs, live: a screen on a terminal, lines elsewhere. */
import { resolve } from 'node:path';
import { claudeDir } from '../../claude-code/claude-dir.ts';
import { type CommandAnswer, type CommandCall, textOption } from '../command-spec.ts';
import { lineText } from '../watch/screen-line.ts';
import { snapshotLine } from '../watch/snapshot-json.ts';
import { WatchPainter } from '../watch/watch-picture.ts';
import { WatchScreen } from '../watch/watch-screen.ts';
import { WatchSource } from '../watch/watch-source.ts';
import { initialState } from '../watch/watch-state.ts';
import { WatchStream } from '../watch/watch-stream.ts';

/** What is left to do when the person has gone may take so long. */
const LEAVE_MILLIS = 300;
const ONCE_ROWS = 24;

export async function run(call: CommandCall): Promise<CommandAnswer | number | null> {
  const { context, json, style, options } = call;
  const filter = textOption(call, 'filter') ?? '';
  const session = textOption(call, 'session');
  const hasScreen = context.isTty && context.env.TERM !== 'dumb' && !json && options.once !== true;
  const stream = new WatchStream(call, { filter, session });
  let screen: WatchScreen | null = null;
  const source = new WatchSource({
    stateDir: resolve(context.cwd, call.stateDir),
    claudeDirs: [resolve(context.cwd, claudeDir(context.env))],
    pricingPath: `${context.configDir}/usage_pricing.json`,
    workerPath: context.scanWorker,
    // The screen shows it itself.
    say: message => (hasScreen ? undefined : call.say(message)),
    onEvents: stream.onEvents,
    now: context.now,
  });
  if (options.once === true) return once(call, source, { filter, session });
  if (!hasScreen) {
    await stream.run(source);
    return leave(source, 0);
  }
  screen = new WatchScreen({ call: { context, style }, source, state: initialState(filter), session });
  source.view.start(() => screen?.changed());
  return leave(source, await screen.run());
}

/** One picture of what is known, with usage up to date. */
async function once(
  call: CommandCall,
  source: WatchSource,
  { filter, session }: { filter: string; session: string | undefined },
): Promise<CommandAnswer> {
  const { context, style } = call;
  await source.readAll();
  const snapshot = source.snapshot();
  const { type, ...line } = snapshotLine(snapshot, { filter, session });
  const size = { columns: context.columns || style.columns, rows: ONCE_ROWS };
  const { lines } = new WatchPainter(style.marks, session).paint(initialState(filter), snapshot, size);
  await source.view.stop();
  return {
    json: { type, ...line },
    text: () =>
      lines
        .slice(0, -1)
        .map(text => lineText(text).trimEnd())
        .join('\n')
        .trimEnd(),
  };
}

/** A look at transcripts that is under way is not waited for: what it has read is kept, or read again. */
async function leave(source: WatchSource, code: number): Promise<number> {
  const waited = new Promise<boolean>(done => setTimeout(done, LEAVE_MILLIS, false).unref());
  const isDone = await Promise.race([source.view.stop().then(() => true), waited]);
  if (!isDone) process.exit(code);
  return code;
}
