/** `spanbook statusline` without the command line: for the calls that a client makes, whose flags are plain. */
import { run } from './commands/statusline.ts';
import { quickContext } from './quick-context.ts';
import { styleOf } from './style.ts';

/** What the launcher loads. */
export interface QuickStatusline {
  quickStatusline(args: readonly string[]): boolean;
}

/** Prints the line. False, and nothing is done, if there are flags that the command line must look at. */
export function quickStatusline(args: readonly string[]): boolean {
  const options = plainOptions(args);
  if (!options) return false;
  const context = quickContext(process.env);
  let line: string;
  try {
    line = run({
      ...options,
      argument: '',
      json: false,
      commands: [],
      context,
      style: styleOf(context),
      say: () => {},
    }).text();
  } catch (error) {
    // The client shows what it is given, and must not fail for it.
    line = `spanbook: ${error instanceof Error ? error.name : 'error'}`;
  }
  context.stdout.write(`${line}\n`);
  return true;
}

function plainOptions(args: readonly string[]): { stateDir: string; options: Record<string, unknown> } | null {
  const options: Record<string, unknown> = {};
  for (let at = 0; at < args.length; at += 2) {
    const [flag, value = ''] = [args[at], args[at + 1]];
    if (flag === '--state-dir' && value !== '' && !value.startsWith('-')) options.stateDir = value;
    else if (flag === '--width' && /^[1-9]\d{0,5}$/.test(value)) options.width = Number(value);
    else return null;
  }
  return { stateDir: String(options.stateDir ?? ''), options };
}
