/** A command as data: `command-parser.ts` makes the parser and the help from it; its code is loaded when it is called. */
import type { PipelineDocument } from '../model/document-schema.ts';
import type { ActivityTable } from '../query/runs/activity-table.ts';
import type { CliContext } from './cli-context.ts';
import type { Style } from './style.ts';

export interface OptionSpec {
  /** As commander has it: `--limit <N>`. */
  flags: string;
  description: string;
  /** Turns the text into a value, or throws an `InvalidValue`. Default: the text itself. */
  parse?: (text: string) => unknown;
}

export interface CommandSpec {
  /** The words that call it, as `pipeline status`, or one word alone. */
  path: readonly [group: string, verb: string] | readonly [word: string];
  summary: string;
  /** An argument, which must be given if it is not optional. */
  argument?: { name: string; description: string; isOptional?: boolean };
  options: readonly OptionSpec[];
  /** It runs a program, with its arguments behind `--`. */
  takesProgram?: boolean;
  example: string;
  /** False: what lies in the state folder is nothing to it, so its settings are not checked. Default: true. */
  opensState?: boolean;
  load: () => Promise<{ run: RunCommand }>;
}

/** What was ever recorded. */
export interface KnownHistory {
  document: PipelineDocument;
  table: ActivityTable;
}

export interface CommandCall {
  stateDir: string;
  /** The argument; empty if the command takes none, or was given none. */
  argument: string;
  /** By their long names in camelCase; absent if not given. */
  options: Readonly<Record<string, unknown>>;
  /** What stands behind `--`; absent if that does not. */
  program?: readonly string[] | undefined;
  json: boolean;
  /** All commands there are, for one that serves the others. */
  commands: readonly CommandSpec[];
  /** Whoever has it in memory already; absent: it is read. */
  history?: KnownHistory | undefined;
  context: CliContext;
  style: Style;
  /** Says something on standard error. */
  say(message: string): void;
}

export interface CommandAnswer {
  /** The answer as data, without `schema_version`. */
  json: object;
  /** The same for people, safe for a terminal. */
  text(): string;
  /** The answer is whole, and tells of a failure: exit code 1. */
  failed?: boolean;
}

/** Null: the command has written its answer itself, bit by bit. A number: a program did, and this is its exit code. */
type Answered = CommandAnswer | number | null;
export type RunCommand = (call: CommandCall) => Answered | Promise<Answered>;

/** A numeric option, or undefined if it was not given. */
export function numberOption(call: CommandCall, name: string): number | undefined {
  const value = call.options[name];
  return typeof value === 'number' ? value : undefined;
}

/** A textual option, or undefined if it was not given. */
export function textOption(call: CommandCall, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === 'string' ? value : undefined;
}
