export interface BenchOptions {
  isQuick: boolean;
  /** Names of cases; null: all. */
  only: string[] | null;
}

export function readOptions(args: string[], names: readonly string[]): BenchOptions;
