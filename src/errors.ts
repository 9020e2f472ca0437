/** The one error class: what was expected, what came, and a code for whoever maps it to an exit code. */

export type SpanbookErrorCode =
  | 'BAD_INPUT'
  | 'BAD_SETTINGS'
  | 'STATE_UNREADABLE'
  | 'NOT_FOUND'
  | 'NOT_WRITABLE'
  | 'USAGE';

/**
 * Thrown by the command line and the query API, never by hooks, span helpers or exporters.
 * The message reads "<subject>: expected <what>, got <value>" and names the next step where there is one.
 */
export class SpanbookError extends Error {
  readonly code: SpanbookErrorCode;

  constructor(code: SpanbookErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SpanbookError';
    this.code = code;
  }

  /** The command line is built in parts, each with a copy of this class, and an error of any of them is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SpanbookError' && 'code' in value;
  }
}

/** The `code` of a Node.js system error (`ENOENT`, `EEXIST`, …), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
