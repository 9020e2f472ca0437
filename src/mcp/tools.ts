/** The questions that an agent may ask about itself: reading commands as tools of the Model Context Protocol. */
import type { CommandCall } from '../cli/command-spec.ts';
import { commandAnswer, parseQuery, type ServedCommand, servedCommands } from '../dashboard/command-answers.ts';
import { SpanbookError } from '../errors.ts';

export interface Tool {
  name: string;
  description: string;
  inputSchema: { type: 'object'; properties: Record<string, object>; required?: string[]; additionalProperties: false };
}

/** What each is asked with where nobody says otherwise: an answer takes room in the memory of whoever asks. */
const OFFERED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/api/pipeline/status': {},
  '/api/pipeline/active': {},
  '/api/pipeline/hierarchy': { last: '5' },
  '/api/pipeline/errors': { limit: '20' },
  '/api/pipeline/sessions': {},
  '/api/pipeline/durations': { since: '30d' },
  '/api/pipeline/bottlenecks': {},
  '/api/pipeline/anomalies': { since: '7d', limit: '20' },
  '/api/usage/totals': {},
  '/api/usage/breakdown': { by: 'model' },
  '/api/usage/daily': { days: '7' },
  '/api/usage/top': { by: 'agent', limit: '10' },
  '/api/usage/alerts': {},
  '/api/monitor/status': {},
};
/** Of one answer. */
const MAX_CHARACTERS = 60_000;

export class Tools {
  readonly #call: CommandCall;
  readonly #commands: Map<string, ServedCommand>;

  /** `call`: the one that started the server. */
  constructor(call: CommandCall) {
    this.#call = call;
    const offered = servedCommands(call.commands).filter(({ path }) => path in OFFERED);
    this.#commands = new Map(offered.map(command => [nameOf(command), command]));
  }

  list(): Tool[] {
    return [...this.#commands].map(([name, { spec, parameters, path }]) => {
      const defaults = OFFERED[path] ?? {};
      const required = parameters.filter(({ isRequired }) => isRequired).map(parameter => parameter.name);
      return {
        name,
        description: `${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}. Only reads; costs are USD at list prices.`,
        inputSchema: {
          type: 'object',
          properties: Object.fromEntries(
            parameters.map(({ name: key, description, takesNoValue }) => {
              const preset = defaults[key] === undefined ? '' : `; here by default ${defaults[key]}`;
              const type = takesNoValue ? 'boolean' : 'string';
              return [key, { type, description: `${description}${preset}` }];
            }),
          ),
          ...(required.length > 0 ? { required } : {}),
          additionalProperties: false,
        },
      };
    });
  }

  /**
   * The answer as JSON.
   *
   * @throws SpanbookError that says what was expected, for whoever asked.
   */
  async answer(name: string, given: Readonly<Record<string, unknown>>): Promise<string> {
    const command = this.#commands.get(name);
    if (!command)
      throw new SpanbookError('NOT_FOUND', `tool: expected one of ${[...this.#commands.keys()].join(', ')}`);
    const query = new URLSearchParams(OFFERED[command.path]);
    for (const [key, value] of Object.entries(given)) {
      // What is off is what is not asked for.
      if (value === false || value === null) query.delete(key);
      else query.set(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    const text = JSON.stringify(await commandAnswer(command, parseQuery(command, query), this.#call));
    if (text.length <= MAX_CHARACTERS) return text;
    const narrower = command.parameters.map(parameter => parameter.name).join(', ');
    throw new SpanbookError(
      'BAD_INPUT',
      `${name}: expected an answer of at most ${MAX_CHARACTERS} characters, got ${text.length}. Narrow it by ${narrower}`,
    );
  }
}

const nameOf = ({ spec }: ServedCommand): string => spec.path.join('_').replaceAll('-', '_');
