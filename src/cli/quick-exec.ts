/** `spanbook exec` without the command line, whose loading would keep the program waiting. */
import { safeText } from '../query/safe-text.ts';
import { findStateDir, userStateDir } from '../store/state-dir.ts';
import { run } from './commands/exec.ts';
import { EXEC_COMMANDS } from './exec-commands.ts';
import { quickCall } from './quick-call.ts';
import { quickContext } from './quick-context.ts';
import { styleOf } from './style.ts';

/** What the launcher loads. */
export interface QuickExec {
  quickExec(args: readonly string[]): boolean;
}

/** Runs the program. False, and nothing is done, if the command line must look at the call: for help, and for mistakes. */
export function quickExec(args: readonly string[]): boolean {
  const call = quickCall(args, EXEC_COMMANDS);
  if (!call?.program?.length || !call.options.name || call.options.json === true) return false;
  const { options, argument, program } = call;
  const context = quickContext(process.env);
  const say = (message: string): void => void context.stderr.write(`${safeText(message)}\n`);
  const { path: stateDir, avoided } = findStateDir({
    given: typeof options.stateDir === 'string' ? options.stateDir : undefined,
    env: context.env,
    cwd: context.cwd,
    userDir: userStateDir(context.env),
  });
  if (avoided !== undefined) say(`${avoided} belongs to something else; ${stateDir} is used instead`);
  run({ stateDir, argument, options, program, json: false, commands: [], context, style: styleOf(context), say }).then(
    code => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.exitCode = 1;
      say(`spanbook: ${String(error)}`);
    },
  );
  return true;
}
