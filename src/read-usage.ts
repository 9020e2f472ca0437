/** The usage of a state folder, up to date: what is new in transcripts and journal is read first. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { scanSession } from './claude-code/scan-session.ts';
import { systemErrorCode } from './errors.ts';
import type { Say } from './store/read-document.ts';
import { type PricingRead, readPricing } from './store/read-pricing.ts';
import type { UsageIndex } from './store/usage-index.ts';
import { modelNameOf } from './usage/price-table.ts';
import type { UsageView } from './usage/usage-view.ts';
import { type UsageNews, UsageUpdate } from './usage-update.ts';

/** Below this size two threads take longer to start than they spare. */
const THREADS_FROM_BYTES = 1 << 25;
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
  /** Called with the folder that the ledger lies in, once it is up to date; it may be gone afterwards. */
  look?: ((stateDir: string, pricing: PricingRead) => void) | undefined;
}

export interface UsageRead {
  view: UsageView;
  pricing: PricingRead;
  /** Null if nothing was new. */
  news: UsageNews | null;
  /** False: it was counted somewhere else, and is gone again. */
  isKept: boolean;
}

/** Reads in this thread. */
export function readUsage(options: ReadUsageOptions): UsageRead {
  return orElsewhere(options, where => {
    const isKept = where.stateDir === options.stateDir;
    const pricing = readPricing(options.stateDir, options.pricingPath);
    const update = new UsageUpdate({ ...where, pricing });
    try {
      if (!update.hasNews) return answer(where, { index: update.index, pricing, news: null, isKept });
      for (const session of update.begin()) update.take(scanSession(session));
      const news = update.finish();
      return answer(where, { index: update.index, pricing, news, isKept });
    } finally {
      update.close();
    }
  });
}

export interface ThreadOptions {
  /** The built `scan-worker`. */
  workerPath: string;
  /** Reads in this thread too; false to stay ready for whatever comes. */
  helps: boolean;
}

/** The same in two threads, if there is much to read. */
export async function readUsageInThreads(options: ReadUsageOptions & ThreadOptions): Promise<UsageRead> {
  return orElsewhere(options, async where => {
    const isKept = where.stateDir === options.stateDir;
    const pricing = readPricing(options.stateDir, options.pricingPath);
    const update = new UsageUpdate({ ...where, pricing });
    try {
      if (!update.hasNews) return answer(where, { index: update.index, pricing, news: null, isKept });
      const sessions = update.begin();
      if (update.unreadBytes < THREADS_FROM_BYTES) for (const session of sessions) update.take(scanSession(session));
      else {
        const { scanSessions } = await import('./claude-code/scan-sessions.ts');
        await scanSessions(sessions, options, scanned => update.take(scanned));
      }
      const news = update.finish();
      return answer(where, { index: update.index, pricing, news, isKept });
    } finally {
      update.close();
    }
  });
}

function answer(
  { stateDir, look }: ReadUsageOptions,
  { index, ...read }: Omit<UsageRead, 'view'> & { index: UsageIndex },
): UsageRead {
  look?.(stateDir, read.pricing);
  let damaged = 0;
  for (const file of index.files.values()) damaged += file.damaged;
  const view: UsageView = {
    cube: index.cube,
    head: {
      monitoring_started_at: index.startedAt,
      last_updated_at: index.updatedAt,
      skipped: { damaged, unreadable_files: index.unreadable },
    },
    modelName: id => modelNameOf(read.pricing.table, id),
  };
  return { view, ...read };
}

/** Where the state folder cannot be written, or is not to be, the ledger is kept in a folder that is gone afterwards. */
function orElsewhere<T>(options: ReadUsageOptions, read: (where: ReadUsageOptions) => T): T {
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

function elsewhere<T>(options: ReadUsageOptions, read: (where: ReadUsageOptions) => T): T {
  const stateDir = mkdtempSync(`${tmpdir()}/spanbook-usage-`);
  const done = (): void => rmSync(stateDir, { recursive: true, force: true });
  let result: T;
  try {
    // What was pruned stands nowhere but in the ledger.
    for (const name of ['usage', 'journal', 'archive', 'spanbook.json', 'pipeline_progress.json']) {
      const from = `${options.stateDir}/${name}`;
      if (existsSync(from)) cpSync(from, `${stateDir}/${name}`, { recursive: true });
    }
    result = read({ ...options, stateDir });
  } catch (error) {
    done();
    throw error;
  }
  if (result instanceof Promise) return result.finally(done) as T;
  done();
  return result;
}
