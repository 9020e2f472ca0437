/** What commands about usage begin with: everything that was used, brought up to date. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { claudeDir } from '../claude-code/claude-dir.ts';
import { readUsageInThreads, type UsageRead } from '../read-usage.ts';
import type { PricingRead } from '../store/read-pricing.ts';
import type { UsageView } from '../usage/usage-view.ts';
import { type CommandCall, textOption } from './command-spec.ts';

export interface OpenedUsage {
  view: UsageView;
  /** Folders of the client that were looked at. */
  claudeDirs: readonly string[];
  /** The prices and budgets that hold. */
  pricing: PricingRead;
  /** False: it was counted somewhere else, and is gone again. */
  isKept: boolean;
}

export async function openUsage(call: CommandCall, options: OpenOptions = {}): Promise<OpenedUsage> {
  const { context, stateDir } = call;
  const claudeDirs = claudeDirsOf(call);
  // A question makes no folder, unless somebody said where.
  const keep = existsSync(stateDir) || textOption(call, 'stateDir') !== undefined || !!context.env.SPANBOOK_STATE_DIR;
  const { view, pricing, isKept } = await readAndKeepUsage(call, claudeDirs, { ...options, keep });
  return { view, pricing, claudeDirs, isKept };
}

/** Folders of the client: that of `--claude-dir`, else the usual one. */
export const claudeDirsOf = (call: CommandCall): string[] => [
  resolve(call.context.cwd, textOption(call, 'claudeDir') ?? claudeDir(call.context.env)),
];

export interface OpenOptions {
  /** The sum of everything is all that is asked for. */
  needsSumOnly?: boolean;
  /** Called with the folder that the ledger lies in, which may be gone afterwards. */
  look?: ((stateDir: string, pricing: PricingRead) => void) | undefined;
}

export interface ReadingOptions extends OpenOptions {
  keep?: boolean;
  /** What was imported may be told of too. */
  tellsAll?: boolean;
}

/** Reads what is new, and keeps what follows from it. */
export async function readAndKeepUsage(
  { stateDir, context, say }: CommandCall,
  claudeDirs: readonly string[],
  { keep = true, tellsAll = false, ...options }: ReadingOptions = {},
): Promise<UsageRead> {
  const where = { stateDir: resolve(context.cwd, stateDir), now: context.now(), say };
  const read = await readUsageInThreads({
    ...where,
    claudeDirs,
    pricingPath: `${context.configDir}/usage_pricing.json`,
    workerPath: context.scanWorker,
    helps: true,
    keep,
    tellsAll,
    ...options,
  });
  if (read.news && read.isKept) {
    const { keepUsage } = await import('../keep-usage.ts');
    keepUsage(read, where);
  }
  return read;
}
