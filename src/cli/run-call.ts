/** Runs a command that was called as it takes it, and says what came of it. */
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { DOCUMENT_SCHEMA_VERSION } from '../model/render-document.ts';
import { safeText } from '../query/safe-text.ts';
import { checkSettings } from '../store/check-settings.ts';
import { findStateDir, userStateDir } from '../store/state-dir.ts';
import type { CliContext } from './cli-context.ts';
import type { CommandSpec } from './command-spec.ts';
import type { ParsedCall } from './quick-call.ts';
import { styleOf } from './style.ts';

export const EXIT_CODES = { done: 0, failed: 1, usage: 2 } as const;

/** Says why a call failed; gives its exit code. */
export function sayFailure(error: unknown, context: CliContext): number {
  context.stderr.write(`${messageOf(error)}\n`);
  return error instanceof SpanbookError && error.code === 'USAGE' ? EXIT_CODES.usage : EXIT_CODES.failed;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const expected = error instanceof SpanbookError || systemErrorCode(error) !== undefined;
  const lines = text.split('\n').map(line => `spanbook: ${expected ? '' : 'unexpected error: '}${safeText(line)}`);
  return lines.join('\n');
}

/** Gives the exit code. `commands`: all there are, for one that serves the others. */
export async function runCall(
  { spec, argument, options, program }: ParsedCall,
  context: CliContext,
  commands: readonly CommandSpec[],
): Promise<number> {
  const say = (message: string): void => {
    context.stderr.write(`${message.split('\n').map(safeText).join('\n')}\n`);
  };
  const { path: stateDir, avoided } = findStateDir({
    given: typeof options.stateDir === 'string' ? options.stateDir : undefined,
    env: context.env,
    cwd: context.cwd,
    userDir: userStateDir(context.env),
  });
  if (spec.opensState !== false) {
    if (avoided !== undefined) say(`${avoided} belongs to something else; ${stateDir} is used instead`);
    await checkSettings(stateDir);
  }
  const { run } = await spec.load();
  const json = options.json === true;
  const asked = { stateDir, argument, options, program, json };
  const answer = await run({ ...asked, commands, context, style: styleOf(context), say });
  if (typeof answer === 'number') return answer;
  if (!answer) return EXIT_CODES.done;
  const text = json ? JSON.stringify({ schema_version: DOCUMENT_SCHEMA_VERSION, ...answer.json }) : answer.text();
  context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return answer.failed ? EXIT_CODES.failed : EXIT_CODES.done;
}
