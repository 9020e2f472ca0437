/**
 * A call that is written as commands take it. Everything else, and each mistake, is left to the parser, which has words
 * for it: loading that takes as long as most answers.
 */
import type { CommandSpec, OptionSpec } from './command-spec.ts';

/** A command with the values of its options and its argument. */
export interface ParsedCall {
  spec: CommandSpec;
  /** The argument; empty if the command takes none, or was given none. */
  argument: string;
  /** By their long names in camelCase; absent if not given. */
  options: Readonly<Record<string, unknown>>;
  /** What stands behind `--`, for commands that run a program. */
  program?: readonly string[];
}

const NO = '--no-';

/** What every command takes. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--state-dir <DIR>',
    description: 'state folder (default: SPANBOOK_STATE_DIR, else state/ of the project)',
  },
  { flags: '--json', description: 'print the answer as one JSON document' },
];

/** The words of a call, and the program behind `--`, which is nobody's business here. */
export function splitProgram(
  argv: readonly string[],
  spec: CommandSpec | undefined,
): { words: readonly string[]; program?: readonly string[] } {
  const at = spec?.takesProgram ? argv.indexOf('--') : -1;
  return at < 0 ? { words: argv } : { words: argv.slice(0, at), program: argv.slice(at + 1) };
}

export const specOf = (argv: readonly string[], specs: readonly CommandSpec[]): CommandSpec | undefined =>
  specs.find(({ path }) => path.every((word, index) => argv[index] === word));

/** Null: the parser is to look at it. */
export function quickCall(argv: readonly string[], specs: readonly CommandSpec[]): ParsedCall | null {
  const spec = specOf(argv, specs);
  if (!spec) return null;
  // As the parser has it: `--no-open` takes away `open`, which is there otherwise.
  const denied = spec.options.filter(({ flags }) => flags.startsWith(NO));
  const options: Record<string, unknown> = Object.fromEntries(denied.map(({ flags }) => [nameOf(flags), true]));
  const operands: string[] = [];
  const { words, ...behind } = splitProgram(argv, spec);
  const rest = words.slice(spec.path.length);
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (!word.startsWith('-')) {
      operands.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    const option = [...spec.options, ...COMMON_OPTIONS].find(({ flags }) => flags.split(' ', 1)[0] === flag);
    if (!option) return null;
    const takesValue = option.flags.includes('<');
    if (!takesValue && equals >= 0) return null;
    const text = equals < 0 ? rest[at + 1] : word.slice(equals + 1);
    if (takesValue && (text === undefined || (equals < 0 && text.startsWith('-')))) return null;
    if (takesValue && equals < 0) at++;
    const value = takesValue ? valueIn(option, text ?? '') : !flag.startsWith(NO);
    if (value === undefined) return null;
    options[nameOf(flag)] = value;
  }
  const isLacking = operands.length === 0 && spec.argument !== undefined && !spec.argument.isOptional;
  if (isLacking || operands.length > (spec.argument ? 1 : 0)) return null;
  return { spec, argument: operands[0] ?? '', options, ...behind };
}

/** Undefined if the option does not take it. */
function valueIn({ parse }: OptionSpec, text: string): unknown {
  try {
    return parse ? parse(text) : text;
  } catch {
    return undefined;
  }
}

/** In camelCase, without what says no. */
const nameOf = (flag: string): string =>
  flag.slice(flag.startsWith(NO) ? NO.length : 2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
