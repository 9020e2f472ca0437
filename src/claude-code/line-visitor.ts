/** What a reader of lines is asked for, and what it tells. */

export interface LinesRead {
  /** Lines that were too long to be read. */
  tooLong: number;
  /** Behind the last line that was visited, in bytes from the start of the file. */
  offset: number;
}

/** Lines that are asked for: those in which a field has one of these texts, each of at most 60 bytes of ASCII. */
export interface WantedLines {
  path: string;
  texts: readonly string[];
}

export interface LineVisitor {
  /**
   * Called with every line that is asked for; its fields can be asked for until it returns. `wanted`: which of the texts
   * it is asked for by, counted from 1; 0 if that is not sure.
   */
  onLine(wanted: number): void;
  /** Called with a line that must be parsed to know what it is. */
  onUnsure(): void;
  onDamaged(): void;
  /** Whether what stands behind the last line end is a line, if it is JSON: its writer may be at work on it. */
  isWhole(): boolean;
}
