/** The command line as a function: arguments and context in, exit code out. */
import { Command, CommanderError } from 'commander';
import { SpanbookError, systemErrorCode } from '../errors.ts';
import { DOCUMENT_SCHEMA_VERSION } from '../model/render-document.ts';
import { safeText } from '../query/safe-text.ts';
import { checkSettings } from '../store/check-settings.ts';
import { findStateDir, userStateDir } from '../store/state-dir.ts';
import { ALERTS_COMMANDS } from './alerts-commands.ts';
import type { CliContext } from './cli-context.ts';
import type { CommandSpec } from './command-spec.ts';
import { CONTEXT_COMMANDS } from './context-commands.ts';
import { IMPORT_COMMANDS } from './import-commands.ts';
import { INSTALL_COMMANDS } from './install-commands.ts';
import { MONITOR_COMMANDS } from './monitor-commands.ts';
import { PIPELINE_COMMANDS } from './pipeline-commands.ts';
import { PRUNE_COMMANDS } from './prune-commands.ts';
import { styleOf } from './style.ts';
import { USAGE_COMMANDS } from './usage-commands.ts';
import { VERSION } from './version.ts';

const GROUPS: Readonly<Record<string, string>> = {
  pipeline: 'ask what the pipeline does and did',
  context: 'the context that activities stand in',
  usage: 'ask what was used and what it cost',
  attribution: 'ask what usage belongs to',
  alerts: 'alerts about usage, and how they reach you',
  monitor: 'the process that keeps the files fresh and watches usage',
};

export const EXIT_CODES = { done: 0, failed: 1, usage: 2 } as const;

interface CliRun {
  context: CliContext;
  /** Exit code, unless something is thrown. */
  code: number;
}

/** Runs one command. Called by the executable and by tests; never throws for anything that a person can cause. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  const run: CliRun = { context, code: EXIT_CODES.done };
  try {
    await programOf(run, argv[0]).parseAsync([...argv], { from: 'user' });
    return run.code;
  } catch (error) {
    // Commander has printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
    context.stderr.write(`${messageOf(error)}\n`);
    return error instanceof SpanbookError && error.code === 'USAGE' ? EXIT_CODES.usage : EXIT_CODES.failed;
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const expected = error instanceof SpanbookError || systemErrorCode(error) !== undefined;
  const lines = text.split('\n').map(line => `spanbook: ${expected ? '' : 'unexpected error: '}${safeText(line)}`);
  return lines.join('\n');
}

const COMMANDS: readonly CommandSpec[] = [
  ...INSTALL_COMMANDS,
  ...PIPELINE_COMMANDS,
  ...CONTEXT_COMMANDS,
  ...IMPORT_COMMANDS,
  ...USAGE_COMMANDS,
  ...ALERTS_COMMANDS,
  ...MONITOR_COMMANDS,
  ...PRUNE_COMMANDS,
];

/** Those that begin with this word, because making the parsers of all takes time; all, if none does. */
function specsFor(word: string | undefined): readonly CommandSpec[] {
  const found = COMMANDS.filter(({ path }) => path[0] === word);
  return found.length > 0 ? found : COMMANDS;
}

function programOf(run: CliRun, word: string | undefined): Command {
  const { context } = run;
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
  for (const spec of specsFor(word)) {
    const [first, verb] = spec.path;
    const command = verb === undefined ? program.command(first) : groupOf(first).command(verb);
    addCommand(command, spec, run);
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

function addCommand(command: Command, spec: CommandSpec, run: CliRun): void {
  settle(command, run.context).description(spec.summary);
  if (spec.argument) command.argument(`<${spec.argument.name}>`, spec.argument.description);
  for (const { flags, description, parse } of spec.options) {
    if (parse) command.option(flags, description, parse);
    else command.option(flags, description);
  }
  command
    .option('--state-dir <DIR>', 'state folder (default: SPANBOOK_STATE_DIR, else state/ of the project)')
    .option('--json', 'print the answer as one JSON document')
    .addHelpText('after', `\nExample:\n  $ ${spec.example}`)
    .action(() => runCommand(spec, command, run));
}

async function runCommand(spec: CommandSpec, command: Command, cliRun: CliRun): Promise<void> {
  const { context } = cliRun;
  const options: Record<string, unknown> = command.opts();
  const say = (message: string): void => {
    context.stderr.write(`${message.split('\n').map(safeText).join('\n')}\n`);
  };
  const { path: stateDir, avoided } = findStateDir({
    given: typeof options.stateDir === 'string' ? options.stateDir : undefined,
    env: context.env,
    cwd: context.cwd,
    userDir: userStateDir(context.env),
  });
  if (spec.opensState !== false) {
    if (avoided !== undefined) say(`${avoided} belongs to something else; ${stateDir} is used instead`);
    await checkSettings(stateDir);
  }
  const { run } = await spec.load();
  const answer = await run({
    stateDir,
    argument: command.args[0] ?? '',
    options,
    json: options.json === true,
    context,
    style: styleOf(context),
    say,
  });
  if (!answer) return;
  const text = options.json
    ? JSON.stringify({ schema_version: DOCUMENT_SCHEMA_VERSION, ...answer.json })
    : answer.text();
  context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  if (answer.failed) cliRun.code = EXIT_CODES.failed;
}
