/** The file system with a fault: the n-th call for a file below a folder fails, once or from then on. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** `SHORT`: half of what is to be written is written, as when the disk fills; writes after it find no space at all. */
export type FaultKind = 'ENOSPC' | 'EIO' | 'EACCES' | 'EMFILE' | 'SHORT';

export interface PlannedFault {
  kind: FaultKind;
  /** Number of the call that fails, from 1. */
  at: number;
  /** Whether all calls after it fail too. */
  stays: boolean;
}

/** Calls of `node:fs` that take a path first. */
const BY_PATH = [
  'openSync',
  'readFileSync',
  'writeFileSync',
  'appendFileSync',
  'statSync',
  'lstatSync',
  'readdirSync',
  'renameSync',
  'linkSync',
  'unlinkSync',
  'mkdirSync',
  'rmdirSync',
  'rmSync',
  'chmodSync',
  'utimesSync',
  'realpathSync',
  'readlinkSync',
  'accessSync',
  'statfsSync',
  'existsSync',
] as const;
/** Calls that take a descriptor first. */
const BY_DESCRIPTOR = [
  'readSync',
  'readvSync',
  'writeSync',
  'writevSync',
  'fsyncSync',
  'fstatSync',
  'ftruncateSync',
  'closeSync',
] as const;
const WRITING = ['writeSync', 'writevSync'];

type Call = (...args: unknown[]) => unknown;
const calls = fs as unknown as Record<string, Call>;

export interface Faulted {
  /** Whether it came to the call that was to fail. */
  hit: boolean;
  /** What was thrown. */
  error?: unknown;
  /** The call that failed. */
  call?: string;
  /** Files that were opened and not closed. */
  leftOpen: number;
}

/**
 * Runs `act` with the fault, for files below `folder` alone.
 *
 * A descriptor is closed even where `close` fails, as the kernel does.
 */
export async function withFault(
  folder: string,
  { kind, at, stays }: PlannedFault,
  act: () => unknown,
): Promise<Faulted> {
  let number = 0;
  let failed: string | undefined;
  /** Paths of what is open. */
  const descriptors = new Map<unknown, unknown>();
  const real = new Map<string, Call>();
  const isDue = (name: string): boolean => {
    if (kind === 'SHORT' && !WRITING.includes(name)) return false;
    number++;
    return number === at || (stays && number > at);
  };
  const refuse = (name: string): never => {
    const code = kind === 'SHORT' ? 'ENOSPC' : kind;
    throw Object.assign(new Error(`${code}: made to fail, ${name}`), { code, syscall: name, errno: -1 });
  };
  const wrap = (name: string, isOurs: (first: unknown) => boolean): void => {
    const call = calls[name] as Call;
    real.set(name, call);
    calls[name] = Object.assign((...args: unknown[]) => {
      if (!isOurs(args[0])) return call(...args);
      const due = isDue(name);
      if (due) failed ??= `${name} ${String(descriptors.get(args[0]) ?? args[0]).slice(folder.length)}`;
      if (name === 'closeSync') {
        descriptors.delete(args[0]);
        call(...args);
      }
      if (due && kind === 'SHORT' && number === at) return writeHalf(call, args);
      if (due && name === 'existsSync') return false;
      if (due) return refuse(name);
      if (name === 'closeSync') return undefined;
      const result = call(...args);
      if (name === 'openSync') descriptors.set(result, args[0]);
      return result;
    }, call);
  };
  for (const name of BY_PATH) wrap(name, path => String(path).startsWith(folder));
  for (const name of BY_DESCRIPTOR) wrap(name, descriptor => descriptors.has(descriptor));
  syncBuiltinESMExports();
  try {
    await act();
    return { hit: number >= at, call: failed, leftOpen: descriptors.size };
  } catch (error) {
    return { hit: number >= at, error, call: failed, leftOpen: descriptors.size };
  } finally {
    for (const [name, call] of real) calls[name] = call;
    syncBuiltinESMExports();
  }
}

function writeHalf(write: Call, [descriptor, data, ...rest]: unknown[]): unknown {
  if (Array.isArray(data)) {
    const bytes = Buffer.concat(data);
    return write(descriptor, [bytes.subarray(0, bytes.length >> 1)]);
  }
  if (typeof data === 'string') {
    const bytes = Buffer.from(data);
    return write(descriptor, bytes.subarray(0, bytes.length >> 1));
  }
  const [offset = 0, length = (data as Buffer).length] = rest as number[];
  return write(descriptor, data, offset, Math.max(1, length >> 1));
}
