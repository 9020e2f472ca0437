/** The parser of the command line, with its help and its words for mistakes. Loaded where a call needs them. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { safeText } from '../query/safe-text.ts';
import type { CliContext } from './cli-context.ts';
import type { CommandSpec } from './command-spec.ts';
import { isInvalidValue } from './invalid-value.ts';
import { COMMON_OPTIONS, type ParsedCall, specOf, splitProgram } from './quick-call.ts';
import { VERSION } from './version.ts';

const GROUPS: Readonly<Record<string, string>> = {
  pipeline: 'ask what the pipeline does and did',
  context: 'the context that activities stand in',
  usage: 'ask what was used and what it cost',
  attribution: 'ask what usage belongs to',
  alerts: 'alerts about usage, and how they reach you',
  monitor: 'the process that keeps the files fresh and watches usage',
};

/** What the parser said itself: help, or what is wrong. */
export interface SaidByParser {
  isMistake: boolean;
}

/** The call; or what was said instead. */
export function parseCall(
  argv: readonly string[],
  specs: readonly CommandSpec[],
  context: CliContext,
): ParsedCall | SaidByParser {
  let call: ParsedCall | null = null;
  const { words, ...behind } = splitProgram(argv, specOf(argv, specs));
  const program = programOf(specsFor(argv[0], specs), context, parsed => {
    call = { ...parsed, ...behind };
  });
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    // Commander has printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return { isMistake: error.exitCode !== 0 };
    throw error;
  }
  return call ?? { isMistake: false };
}

/** Those that begin with this word, because making the parsers of all takes time; all, if none does. */
function specsFor(word: string | undefined, specs: readonly CommandSpec[]): readonly CommandSpec[] {
  const found = specs.filter(({ path }) => path[0] === word);
  return found.length > 0 ? found : specs;
}

function programOf(specs: readonly CommandSpec[], context: CliContext, onCall: (call: ParsedCall) => void): Command {
  const program = new Command('spanbook')
    .description('See what an agentic pipeline does.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('--help', 'explain a command')
    .helpCommand(false);
  settle(program, context);
  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const known = groups.get(name);
    if (known) return known;
    const group = program
      .command(name)
      .description(GROUPS[name] ?? '')
      .helpCommand(false);
    groups.set(name, settle(group, context));
    return group;
  };
  for (const spec of specs) {
    const [first, verb] = spec.path;
    const command = verb === undefined ? program.command(first) : groupOf(first).command(verb);
    settle(command, context);
    describe(command, spec);
    command.action(() => onCall({ spec, argument: command.args[0] ?? '', options: command.opts() }));
  }
  program.addHelpText('after', '\nExample:\n  $ spanbook pipeline hierarchy');
  return program;
}

function settle(command: Command, context: CliContext): Command {
  return command
    .exitOverride()
    .helpOption('--help', 'explain this command')
    .configureOutput({
      writeOut: text => context.stdout.write(text),
      writeErr: text => context.stderr.write(text),
      // An argument may hold anything, and commander repeats it.
      outputError: (text, write) => write(`${text.trimEnd().split('\n').map(safeText).join('\n')}\n`),
      getOutHelpWidth: () => context.columns ?? 80,
      getErrHelpWidth: () => context.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

function describe(command: Command, { summary, argument, options, takesProgram, example }: CommandSpec): void {
  command.description(summary);
  if (argument)
    command.argument(argument.isOptional ? `[${argument.name}]` : `<${argument.name}>`, argument.description);
  if (takesProgram) {
    // Most mistakes here are a program without the dashes before it.
    command.usage('[options] -- PROGRAM [ARGUMENTS]').showHelpAfterError(`The program stands behind --: ${example}`);
  }
  for (const { flags, description, parse } of [...options, ...COMMON_OPTIONS]) {
    if (parse) command.option(flags, description, text => parsed(text, parse));
    else command.option(flags, description);
  }
  command.addHelpText('after', `\nExample:\n  $ ${example}`);
}

function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (isInvalidValue(error)) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
