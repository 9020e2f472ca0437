/** All checks, in the order in which a cause would hide the next. */
import type { Check, Finding } from './check.ts';
import { checkClock } from './check-clock.ts';
import { checkDoubleInstall } from './check-double-install.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkHookFailures } from './check-hook-failures.ts';
import { checkHookFiles } from './check-hook-files.ts';
import { checkHookSettings } from './check-hook-settings.ts';
import { checkHooksOff } from './check-hooks-off.ts';
import { checkHooksSeen } from './check-hooks-seen.ts';
import { checkJournal } from './check-journal.ts';
import { checkLeftovers } from './check-leftovers.ts';
import { checkMonitor } from './check-monitor.ts';
import { checkNode } from './check-node.ts';
import { checkOwnSettings, checkPrices } from './check-own-settings.ts';
import { checkReceiver } from './check-receiver.ts';
import { checkStateFolder } from './check-state-folder.ts';
import { checkTranscripts } from './check-transcripts.ts';
import { checkTrust } from './check-trust.ts';
import type { Examination } from './examination.ts';

type CheckFunction = (examination: Examination) => Finding | Promise<Finding>;

export const CHECKS: Readonly<Record<string, CheckFunction>> = {
  node: checkNode,
  settings: checkHookSettings,
  'hooks-files': checkHookFiles,
  'hooks-off': checkHooksOff,
  'double-install': checkDoubleInstall,
  trust: checkTrust,
  'hooks-seen': checkHooksSeen,
  'hook-failures': checkHookFailures,
  'state-folder': checkStateFolder,
  journal: checkJournal,
  clock: checkClock,
  'spanbook-settings': checkOwnSettings,
  monitor: checkMonitor,
  receiver: checkReceiver,
  endpoint: checkEndpoint,
  prices: checkPrices,
  transcripts: checkTranscripts,
  leftovers: checkLeftovers,
};

/** A check that cannot be made costs only itself. */
export async function runChecks(
  examination: Examination,
  checks: Readonly<Record<string, CheckFunction>> = CHECKS,
): Promise<Check[]> {
  const done: Check[] = [];
  for (const [name, check] of Object.entries(checks)) done.push({ name, ...(await made(check, examination)) });
  return done;
}

async function made(check: CheckFunction, examination: Examination): Promise<Finding> {
  try {
    return await check(examination);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'skipped', detail: `cannot be told: ${reason}`, fix: null };
  }
}
