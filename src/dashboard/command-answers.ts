/** Questions of the command line over HTTP: the same options, and the same answers as `--json`. */
import type { CommandCall, CommandSpec, OptionSpec } from '../cli/command-spec.ts';
import { isInvalidValue } from '../cli/invalid-value.ts';
import { SpanbookError } from '../errors.ts';

/** Commands that only ask, and whose answers come at once. */
const SERVED: Readonly<Record<string, readonly string[] | null>> = {
  pipeline: null,
  usage: null,
  attribution: null,
  context: ['show'],
  monitor: ['status'],
};
/** They concern the terminal, or would have the server read other folders. */
const WITHHELD = ['--follow', '--csv', '--claude-dir', '--commit'];

export interface ServedCommand {
  /** As `/api/pipeline/status`. */
  path: string;
  spec: CommandSpec;
  parameters: ServedParameter[];
}

export interface ServedParameter {
  name: string;
  description: string;
  isRequired: boolean;
  takesNoValue: boolean;
  /** Null: of the argument. */
  option: OptionSpec | null;
}

export function servedCommands(specs: readonly CommandSpec[]): ServedCommand[] {
  return specs.flatMap(spec => {
    const [group, verb] = spec.path;
    const verbs = SERVED[group];
    if (verb === undefined || verbs === undefined || (verbs !== null && !verbs.includes(verb))) return [];
    return [{ path: `/api/${group}/${verb}`, spec, parameters: parametersOf(spec) }];
  });
}

function parametersOf({ argument, options }: CommandSpec): ServedParameter[] {
  const own = argument
    ? [
        {
          name: argument.name.toLowerCase(),
          description: argument.description,
          isRequired: argument.isOptional !== true,
          takesNoValue: false,
          option: null,
        },
      ]
    : [];
  const others = options
    .filter(({ flags }) => !WITHHELD.some(name => flags.startsWith(name)))
    .map(option => ({
      name: longName(option).replaceAll('-', '_'),
      description: option.description,
      isRequired: false,
      takesNoValue: !option.flags.includes('<'),
      option,
    }));
  return [...own, ...others];
}

const longName = ({ flags }: OptionSpec): string => /--([a-z-]+)/.exec(flags)?.[1] ?? flags;
const camelName = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

export interface ParsedQuery {
  argument: string;
  /** By their long names in camelCase, as commands have them. */
  options: Record<string, unknown>;
}

/** @throws SpanbookError `BAD_INPUT` for a parameter that the command does not take. */
export function parseQuery({ parameters }: ServedCommand, query: URLSearchParams): ParsedQuery {
  const options: Record<string, unknown> = {};
  let argument = '';
  for (const [name, text] of query) {
    const parameter = parameters.find(one => one.name === name);
    if (!parameter) throw wrong(name, `one of ${parameters.map(one => one.name).join(', ') || 'none at all'}`, text);
    if (parameter.option === null) argument = text;
    else options[camelName(name)] = parsedValue(parameter, parameter.option, text);
  }
  const missing = parameters.find(({ isRequired, name }) => isRequired && !query.has(name));
  if (missing) throw wrong(missing.name, missing.description, '');
  return { argument, options };
}

/** The answer of a command, without `schema_version`. `base`: the call that started the server. */
export async function commandAnswer({ spec }: ServedCommand, parsed: ParsedQuery, base: CommandCall): Promise<object> {
  const { run } = await spec.load();
  const { program: _, ...call } = base;
  const answer = await run({ ...call, ...parsed, json: true, say: () => {} });
  return answer !== null && typeof answer === 'object' ? answer.json : {};
}

function parsedValue({ name, takesNoValue }: ServedParameter, option: OptionSpec, text: string): unknown {
  if (takesNoValue) {
    if (/^(true|1|)$/.test(text)) return true;
    throw wrong(name, 'true', text);
  }
  try {
    return option.parse ? option.parse(text) : text;
  } catch (error) {
    if (isInvalidValue(error)) throw new SpanbookError('BAD_INPUT', `${name}: ${error.message} Got "${text}".`);
    throw error;
  }
}

const wrong = (name: string, expected: string, got: string): SpanbookError =>
  new SpanbookError('BAD_INPUT', `${name}: expected ${expected}, got "${got}"`);
