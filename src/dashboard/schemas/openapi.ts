/** The HTTP API as OpenAPI 3.1, made from the zod schemas and from the options of the commands. */
import { z } from 'zod';
import type { CommandSpec } from '../../cli/command-spec.ts';
import { type ServedCommand, servedCommands } from '../command-answers.ts';
import { type QueryParameter, RUN_PARAMETERS } from '../runs-answer.ts';
import { COMMAND_SCHEMAS } from './command-schemas.ts';
import { configSchema, facetsSchema, nowSchema, runSchema, runsSchema } from './run-schemas.ts';

interface Described {
  summary: string;
  schema: z.ZodType;
  parameters: object[];
}

const SCHEMA_VERSION = { schema_version: z.literal('1.0.0') };

/** `version`: of the package. */
export function openApi(specs: readonly CommandSpec[], version: string): object {
  const components: Record<string, unknown> = {};
  const paths: Record<string, object> = {};
  for (const [path, described] of Object.entries({ ...PAGE_PATHS, ...commandPaths(specs) })) {
    paths[path] = pathOf(described, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'spanbook',
      version,
      description:
        'Served by `spanbook dashboard` on 127.0.0.1. It only reads. Each answer of a command is what the same ' +
        'command prints with --json.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:4747', description: 'The port that spanbook dashboard printed.' }],
    security: [{ token: [] }],
    paths: { ...paths, '/api/stream': STREAM_PATH, '/api/openapi.json': SELF_PATH },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The token in the address that was printed.' },
      },
      schemas: {
        ...components,
        Error: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  };
}

/** The schema of each answer, by its path. For the tests that hold answers against them. */
export const answerSchemas = (): Record<string, z.ZodType> => ({
  ...Object.fromEntries(Object.entries(PAGE_PATHS).map(([path, { schema }]) => [path, schema])),
  ...COMMAND_SCHEMAS,
});

const queryParameter = ({ name, description }: QueryParameter): object => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string' },
});

const PAGE_PATHS: Readonly<Record<string, Described>> = {
  '/api/now': { summary: 'what runs, what it burns, what went wrong', schema: nowSchema, parameters: [] },
  '/api/runs': {
    summary: 'runs by what one looks for in them, page by page',
    schema: runsSchema,
    parameters: RUN_PARAMETERS.map(queryParameter),
  },
  '/api/runs/{event_id}': {
    summary: 'one run as a waterfall, and what decided how long it took',
    schema: runSchema,
    parameters: [
      {
        name: 'event_id',
        in: 'path',
        required: true,
        description: 'of any activity of the run',
        schema: { type: 'string' },
      },
    ],
  },
  '/api/facets': { summary: 'what runs can be filtered by', schema: facetsSchema, parameters: [] },
  '/api/config': { summary: 'version, folder, time zone, address of Jaeger', schema: configSchema, parameters: [] },
};

function commandPaths(specs: readonly CommandSpec[]): Record<string, Described> {
  return Object.fromEntries(
    servedCommands(specs).map(command => {
      const schema = COMMAND_SCHEMAS[command.path];
      if (!schema) throw new Error(`${command.path}: expected a schema in command-schemas.ts, got none`);
      return [command.path, { summary: command.spec.summary, schema, parameters: commandParameters(command) }];
    }),
  );
}

const commandParameters = ({ parameters }: ServedCommand): object[] =>
  parameters.map(({ name, description, isRequired, takesNoValue }) => ({
    name,
    in: 'query',
    required: isRequired,
    description,
    schema: takesNoValue ? { type: 'string', enum: ['true'] } : { type: 'string' },
  }));

function pathOf({ summary, schema, parameters }: Described, components: Record<string, unknown>): object {
  return {
    get: {
      summary,
      parameters,
      responses: {
        200: { description: summary, content: { 'application/json': { schema: answerSchema(schema, components) } } },
        default: {
          description: '400 wrong parameter, 401 no token, 403 foreign page, 404 nothing there, 500 unexpected',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  };
}

/** Shapes that have a name, and those that hold themselves, go to the components. */
function answerSchema(schema: z.ZodType, components: Record<string, unknown>): object {
  const whole = schema instanceof z.ZodObject ? schema.extend(SCHEMA_VERSION) : schema;
  // Keys may be added within a schema version, so a reader must not refuse them.
  const json = z.toJSONSchema(whole, { io: 'input', unrepresentable: 'any' });
  const text = JSON.stringify(withoutClosing(json), (key, value) => (key === '$schema' ? undefined : value));
  const { $defs = {}, ...rest } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as {
    $defs?: Record<string, object>;
  };
  for (const [name, shape] of Object.entries($defs)) components[name] = shape;
  return rest;
}

function withoutClosing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutClosing);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, item]) => !(key === 'additionalProperties' && item === false));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutClosing(item)]));
}

const STREAM_PATH = {
  get: {
    summary: 'server-sent events: something changed, ask again',
    parameters: [],
    responses: {
      200: {
        description: 'Events `change` with `{version, running}`; the version rises with each change.',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
    },
  },
};

const SELF_PATH = {
  get: {
    summary: 'this document',
    parameters: [],
    responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } } },
  },
};
