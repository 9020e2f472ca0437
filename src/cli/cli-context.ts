/** What the command line sees of the world; the executable gives the real one, tests their own. */
import type { HookInput } from '../hook/input-piece.ts';

export interface CliContext {
  /** Bytes are written by the few commands that make files. */
  stdout: { write(text: string | Uint8Array): unknown };
  stderr: { write(text: string): unknown };
  env: Record<string, string | undefined>;
  cwd: string;
  /** Folder of the built hooks, for `init`. */
  hooksDir: string;
  /** Path of this executable, for a monitor that goes on by itself. */
  executable: string;
  /** Folder of the files that come with the package, as `usage_pricing.json`. */
  configDir: string;
  /** The built worker that scans transcripts. */
  scanWorker: string;
  /** Folder of the built page of the dashboard. */
  pageDir: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Aborted when the person asked to stop, or when nobody reads standard output any more. */
  stopped?: AbortSignal;
  /** True if standard output is a terminal. */
  isTty: boolean;
  /** Width of the terminal; undefined if standard output is none. */
  columns?: number | undefined;
  /** The JSON document on standard input, for the few commands that are given one. */
  readInput(): HookInput;
  /** Waits for so long. Resolves to false if the person asked to stop meanwhile. */
  pause(millis: number): Promise<boolean>;
}
