/** The usage of a state folder, up to date: what is new in transcripts and journal is read first. */
import type { ScanOptions } from './claude-code/scan-sessions.ts';
import { systemErrorCode } from './errors.ts';
import type { ToldExtent } from './model/leaf.ts';
import { elsewhere } from './read-elsewhere.ts';
import type { Say } from './store/read-document.ts';
import { type PricingRead, readPricing } from './store/read-pricing.ts';
import { modelNameOf } from './usage/price-table.ts';
import type { UsageView } from './usage/usage-view.ts';
import { lookForUsage, type UsageLook } from './usage-look.ts';
import type { UsageNews } from './usage-update.ts';

/** Below this size two threads take longer to start than they spare. */
const THREADS_FROM_BYTES = 1 << 25;
/** The client writes its transcript a little later than it tells its hooks. */
const LAG_MILLIS = 2000;
/** Errors that say that the folder cannot be written, while usage can be counted all the same. */
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];

export interface ReadUsageOptions {
  stateDir: string;
  /** Folders of the client, each with `projects` in it. */
  claudeDirs: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
  /** `usage_pricing.json` of the package. */
  pricingPath: string;
  say: Say;
  /** False: nothing is kept, and so a folder that is not there is not made. Default: true. */
  keep?: boolean;
  /** Tell the journal what all activities used, whenever they ended. */
  tellsAll?: boolean;
  /** The sum of everything is all that is asked for: if nothing is new, the view has no rows. */
  needsSumOnly?: boolean;
  /** Called with the folder that the ledger lies in, once it is up to date; it may be gone afterwards. */
  look?: ((stateDir: string, pricing: PricingRead) => void) | undefined;
  /** The folder is a copy of this one, and is gone afterwards. */
  copyOf?: string;
}

export interface UsageRead {
  view: UsageView;
  pricing: PricingRead;
  /** Null if nothing was new. */
  news: UsageNews | null;
  /** What the journal tells with all that it used. */
  told: ToldExtent;
  /** False: it was counted somewhere else, and is gone again. */
  isKept: boolean;
}

/** Reads in two threads if there is much to read. */
export async function readUsageInThreads(options: ReadUsageOptions & ScanOptions): Promise<UsageRead> {
  return orElsewhere(options, async where => {
    const look = lookAt(where);
    try {
      return answerOf(where, look, look.hasNews ? await updateInThreads(look, options) : null);
    } finally {
      look.close();
    }
  });
}

async function updateInThreads(look: UsageLook, options: ScanOptions): Promise<UsageNews> {
  const { UsageUpdate } = await import('./usage-update.ts');
  const update = new UsageUpdate(look);
  const sessions = update.begin();
  if (update.unreadBytes < THREADS_FROM_BYTES) update.scan(sessions);
  else await update.scanInThreads(sessions, options);
  return update.finish();
}

/** @throws SpanbookError `STATE_UNREADABLE` if the prices of the package are missing or damaged. */
export const lookAt = (where: ReadUsageOptions): UsageLook =>
  lookForUsage({ ...where, pricing: readPricing(where.copyOf ?? where.stateDir, where.pricingPath) });

/** What a look that found nothing new tells, or the update that it was made for. `where`: the folder that the ledger lies in. */
export function answerOf(where: ReadUsageOptions, look: UsageLook, news: UsageNews | null): UsageRead {
  const { head, options, cube } = look;
  const { pricing, stateDir } = options;
  where.look?.(stateDir, pricing);
  const view: UsageView = {
    get cube() {
      if (!cube) throw new Error('usage: expected rows, got the sum only');
      return cube;
    },
    whole: head.whole,
    head: {
      monitoring_started_at: head.startedAt,
      last_updated_at: head.updatedAt,
      skipped: { damaged: head.damaged, unreadable_files: head.unreadable },
    },
    modelName: id => modelNameOf(pricing.table, id),
  };
  // While something waits for the rest of its transcript, no more is sure than what was told before it.
  const until = head.tellAt === null ? options.now - LAG_MILLIS : Math.min(head.settledAt, options.now);
  return { view, pricing, news, told: { until, through: look.readThrough }, isKept: where.copyOf === undefined };
}

/** Where the state folder cannot be written, or is not to be, the ledger is kept in a folder that is gone afterwards. */
export function orElsewhere<T>(options: ReadUsageOptions, read: (where: ReadUsageOptions) => T): T {
  const { stateDir, say, keep = true } = options;
  if (!keep) return elsewhere(options, read);
  const retry = (error: unknown): T => {
    const code = systemErrorCode(error) ?? '';
    if (!UNWRITABLE.includes(code)) throw error;
    say(`${stateDir} cannot be written (${code}); usage is counted, and nothing of it is kept`);
    return elsewhere(options, read);
  };
  try {
    const result = read(options);
    return result instanceof Promise ? (result.catch(retry) as T) : result;
  } catch (error) {
    return retry(error);
  }
}
