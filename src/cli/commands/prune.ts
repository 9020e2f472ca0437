/** `prune`: takes away what is older than an age. What requests used and cost stays, as sums. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SpanbookError } from '../../errors.ts';
import { monitorPlace } from '../../monitor/monitor-place.ts';
import { takeLock } from '../../monitor/socket-lock.ts';
import { type PrunedState, pruneState } from '../../prune-state.ts';
import { type CommandAnswer, type CommandCall, numberOption } from '../command-spec.ts';
import { openUsage } from '../open-usage.ts';
import { renderPrune } from '../render-prune.ts';

const NOTHING: PrunedState = {
  archives: [],
  segments: [],
  ledger: { requests: 0, sums: 0, bytes: 0, unpricedTokens: 0 },
};

export async function run(call: CommandCall): Promise<CommandAnswer> {
  const age = numberOption(call, 'olderThan');
  if (age === undefined) {
    throw new SpanbookError('USAGE', 'prune: expected --older-than with an age, as 30d or 12w, got none');
  }
  const before = call.context.now() - age;
  const isDryRun = call.options.dryRun === true;
  const stateDir = resolve(call.context.cwd, call.stateDir);
  const pruned = existsSync(stateDir) ? await prune(call, { stateDir, before, isDryRun }) : NOTHING;
  const { archives, segments, ledger } = pruned;
  const files = [...segments, ...archives];
  return {
    json: {
      before: new Date(before).toISOString(),
      dry_run: isDryRun,
      removed: {
        archives: archives.length,
        segments: segments.length,
        requests: ledger.requests,
        bytes: files.reduce((sum, { bytes }) => sum + bytes, ledger.bytes),
      },
      kept_sums: ledger.sums,
      files,
    },
    text: () => renderPrune(call.style, { ...pruned, before, isDryRun, stateDir }).join('\n'),
  };
}

interface Wanted {
  stateDir: string;
  /** Milliseconds since 1970. */
  before: number;
  isDryRun: boolean;
}

async function prune(call: CommandCall, wanted: Wanted): Promise<PrunedState> {
  const { say, context } = call;
  const release = wanted.isDryRun ? () => {} : await lock(wanted.stateDir);
  try {
    // What programs reported stands in the journal alone until then.
    const { pricing, isKept } = await openUsage(call);
    return await pruneState({ ...wanted, now: context.now(), pricing, isUsageKept: isKept, say });
  } finally {
    release();
  }
}

/** Two at a time would undo each other's work. */
async function lock(stateDir: string): Promise<() => void> {
  const { socket, isSocketFile } = monitorPlace(stateDir);
  const place = { socket: isSocketFile ? socket.replace(/\.sock$/, '-prune.sock') : `${socket}-prune`, isSocketFile };
  const held = await takeLock(place, connection => connection.destroy());
  if (held) return () => held.release();
  throw new SpanbookError(
    'NOT_WRITABLE',
    `${stateDir}: expected nobody else to prune it, but somebody does; try later`,
  );
}
