/** Commands about usage without those about anything else: reading them all takes longer than most answers. */
import { runToEnd } from './executable.ts';
import { quickCall } from './quick-call.ts';
import { runCall, sayFailure } from './run-call.ts';
import { USAGE_COMMANDS } from './usage-commands.ts';

/** What the launcher loads. */
export interface QuickUsage {
  quickUsage(args: readonly string[]): boolean;
}

/** Answers. False, and nothing is done, if the command line must look at the call: for help, and for mistakes. */
export function quickUsage(args: readonly string[]): boolean {
  const call = quickCall(args, USAGE_COMMANDS);
  if (!call) return false;
  runToEnd(context => runCall(call, context, USAGE_COMMANDS).catch((error: unknown) => sayFailure(error, context)), {
    endsAtOnce: true,
  });
  return true;
}
