/** The command line as a function: arguments and context in, exit code out. */
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { DOCUMENT_SCHEMA_VERSION } from '../model/render-document.ts';
import { safeText } from '../query/safe-text.ts';
import { checkSettings } from '../store/check-settings.ts';
import { findStateDir, userStateDir } from '../store/state-dir.ts';
import { ALERTS_COMMANDS } from './alerts-commands.ts';
import type { CliContext } from './cli-context.ts';
import type { CommandSpec } from './command-spec.ts';
import { CONTEXT_COMMANDS } from './context-commands.ts';
import { DASHBOARD_COMMANDS } from './dashboard-commands.ts';
import { EXEC_COMMANDS } from './exec-commands.ts';
import { IMPORT_COMMANDS } from './import-commands.ts';
import { INSTALL_COMMANDS } from './install-commands.ts';
import { LIVE_COMMANDS } from './live-commands.ts';
import { MONITOR_COMMANDS } from './monitor-commands.ts';
import { PIPELINE_COMMANDS } from './pipeline-commands.ts';
import { PRUNE_COMMANDS } from './prune-commands.ts';
import { type ParsedCall, quickCall } from './quick-call.ts';
import { REPORT_COMMANDS } from './report-commands.ts';
import { SHIP_COMMANDS } from './ship-commands.ts';
import { styleOf } from './style.ts';
import { USAGE_COMMANDS } from './usage-commands.ts';

export const EXIT_CODES = { done: 0, failed: 1, usage: 2 } as const;

/** Runs one command. Called by the executable and by tests; never throws for anything that a person can cause. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    const call = quickCall(argv, COMMANDS) ?? (await import('./command-parser.ts')).parseCall(argv, COMMANDS, context);
    if ('isMistake' in call) return call.isMistake ? EXIT_CODES.usage : EXIT_CODES.done;
    return await runCommand(call, context);
  } catch (error) {
    context.stderr.write(`${messageOf(error)}\n`);
    return error instanceof SpanbookError && error.code === 'USAGE' ? EXIT_CODES.usage : EXIT_CODES.failed;
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const expected = error instanceof SpanbookError || systemErrorCode(error) !== undefined;
  const lines = text.split('\n').map(line => `spanbook: ${expected ? '' : 'unexpected error: '}${safeText(line)}`);
  return lines.join('\n');
}

export const COMMANDS: readonly CommandSpec[] = [
  ...INSTALL_COMMANDS,
  ...PIPELINE_COMMANDS,
  ...CONTEXT_COMMANDS,
  ...EXEC_COMMANDS,
  ...IMPORT_COMMANDS,
  ...SHIP_COMMANDS,
  ...USAGE_COMMANDS,
  ...REPORT_COMMANDS,
  ...ALERTS_COMMANDS,
  ...MONITOR_COMMANDS,
  ...LIVE_COMMANDS,
  ...DASHBOARD_COMMANDS,
  ...PRUNE_COMMANDS,
];

async function runCommand({ spec, argument, options, program }: ParsedCall, context: CliContext): Promise<number> {
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
  const answer = await run({ ...asked, commands: COMMANDS, context, style: styleOf(context), say });
  if (typeof answer === 'number') return answer;
  if (!answer) return EXIT_CODES.done;
  const text = json ? JSON.stringify({ schema_version: DOCUMENT_SCHEMA_VERSION, ...answer.json }) : answer.text();
  context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return answer.failed ? EXIT_CODES.failed : EXIT_CODES.done;
}
