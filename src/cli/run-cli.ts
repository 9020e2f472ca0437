/** The command line as a function: arguments and context in, exit code out. */
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
import { quickCall } from './quick-call.ts';
import { REPORT_COMMANDS } from './report-commands.ts';
import { EXIT_CODES, runCall, sayFailure } from './run-call.ts';
import { SHIP_COMMANDS } from './ship-commands.ts';
import { USAGE_COMMANDS } from './usage-commands.ts';

/** Runs one command. Called by the executable and by tests; never throws for anything that a person can cause. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    const call = quickCall(argv, COMMANDS) ?? (await import('./command-parser.ts')).parseCall(argv, COMMANDS, context);
    if ('isMistake' in call) return call.isMistake ? EXIT_CODES.usage : EXIT_CODES.done;
    return await runCall(call, context, COMMANDS);
  } catch (error) {
    return sayFailure(error, context);
  }
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
