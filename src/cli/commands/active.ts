/** `pipeline active`: what is open now; with `--follow` until the person has seen enough. */
import { SpanbookError } from '../../errors.ts';
import { listActive } from '../../query/list-active.ts';
import { readDocumentHead } from '../../store/read-document.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { clockTime } from '../local-time.ts';
import { renderActive } from '../render-status.ts';

const REFRESH_MILLIS = 1000;

export async function run(call: CommandCall): Promise<CommandAnswer | null> {
  if (call.options.follow === true) {
    if (call.json) throw new SpanbookError('USAGE', '--follow: expected no --json beside it, got both');
    await follow(call);
    return null;
  }
  const activities = listActive(readDocumentHead(call.stateDir, call.say), call.context.now());
  return { json: { activities }, text: () => renderActive(call.style, activities).join('\n') };
}

/** On a terminal the picture is drawn over itself; elsewhere it is printed again whenever something began or ended. */
async function follow({ stateDir, say, context, style }: CommandCall): Promise<void> {
  const said = new Set<string>();
  const sayOnce = (message: string): void => {
    if (said.size !== said.add(message).size) say(message);
  };
  let height = 0;
  let shown: string | null = null;
  do {
    const now = context.now();
    const activities = listActive(readDocumentHead(stateDir, sayOnce), now);
    const lines = renderActive(style, activities);
    if (context.isTty) {
      context.stdout.write(`${height > 0 ? `\x1b[${height}A\x1b[J` : ''}${lines.join('\n')}\n`);
      height = lines.length;
      continue;
    }
    const ids = activities.map(activity => activity.event_id).join();
    if (ids !== shown) context.stdout.write(`${clockTime(new Date(now).toISOString())} ${lines.join('\n')}\n`);
    shown = ids;
  } while (await context.pause(REFRESH_MILLIS));
}
