/** What the command line sees of the world; the executable gives the real one, tests their own. */

export interface CliContext {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  env: Record<string, string | undefined>;
  cwd: string;
  /** Folder of the built hooks, for `init`. */
  hooksDir: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** True if standard output is a terminal. */
  isTty: boolean;
  /** Width of the terminal; undefined if standard output is none. */
  columns?: number | undefined;
  /** Waits for so long. Resolves to false if the person asked to stop meanwhile. */
  pause(millis: number): Promise<boolean>;
}
