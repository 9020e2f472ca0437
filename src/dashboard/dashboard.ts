/** Answers the questions of the page and of programs: a request in, an answer out. */
import { readFileSync } from 'node:fs';
import type { CommandCall } from '../cli/command-spec.ts';
import { SpanbookError } from '../errors.ts';
import { ClaudeCodeLeaves } from '../leaf-source.ts';
import { LiveView } from '../live/live-view.ts';
import { settledEndpoint } from '../otlp-endpoint.ts';
import type { Calendar } from '../usage/calendar.ts';
import { localCalendar } from '../usage/local-calendar.ts';
import { type Answer, jsonAnswer, refusedAnswer } from './answer.ts';
import type { ConfigAnswer } from './answers.ts';
import { commandAnswer, parseQuery, type ServedCommand, servedCommands } from './command-answers.ts';
import { type Access, type GuardedRequest, isData, type Refusal, refusalOf } from './guard.ts';
import { nowAnswer } from './now-answer.ts';
import { PageFiles } from './page-files.ts';
import { runAnswer } from './run-answer.ts';
import { facetsAnswer, runsAnswer } from './runs-answer.ts';

/** Where Jaeger shows what was sent to it. */
const JAEGER_PORT = '16686';

export interface DashboardOptions {
  /** The call that started it: its folder, its settings, the commands that are served. */
  call: CommandCall;
  claudeDirs: readonly string[];
  version: string;
  /** Folder of the built page. */
  pageDir: string;
}

export interface DashboardRequest extends GuardedRequest {
  query: URLSearchParams;
}

/** Reading the history anew would take longer than all the rest of them. */
const FROM_MEMORY = ['/api/pipeline/durations', '/api/pipeline/anomalies', '/api/pipeline/compare'];

type Handler = (request: DashboardRequest) => object | Promise<object>;

export class Dashboard {
  readonly #options: DashboardOptions;
  #view: LiveView | null = null;
  readonly #leaves: ClaudeCodeLeaves;
  readonly #files: PageFiles;
  readonly #commands: Map<string, ServedCommand>;
  readonly #calendar: Calendar = localCalendar();

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#leaves = new ClaudeCodeLeaves(this.#place);
    this.#files = new PageFiles(options.pageDir);
    this.#commands = new Map(servedCommands(options.call.commands).map(command => [command.path, command]));
  }

  /** Opened when it is first asked for: a long history takes a while, in which a browser can load the page. */
  get view(): LiveView {
    const { call } = this.#options;
    this.#view ??= new LiveView({ ...this.#place, workerPath: call.context.scanWorker, say: call.say });
    return this.#view;
  }

  get #place(): { stateDir: string; claudeDirs: readonly string[]; pricingPath: string } {
    const { call, claudeDirs } = this.#options;
    return { stateDir: call.stateDir, claudeDirs, pricingPath: `${call.context.configDir}/usage_pricing.json` };
  }

  /** Never rejects: what goes wrong is an answer too. A stream of events is not answered here. */
  async answer(request: DashboardRequest, access: Access): Promise<Answer> {
    const refused = refusalOf(request, access);
    if (refused) return refusedAnswer(refused);
    try {
      if (!isData(request.path)) return this.#files.answer(request.path) ?? refusedAnswer(NOT_FOUND);
      const handler = this.#handlerOf(request.path);
      return handler ? jsonAnswer(await handler(request)) : refusedAnswer(NOT_FOUND);
    } catch (error) {
      return refusedAnswer(this.#failure(error));
    }
  }

  async close(): Promise<void> {
    this.#leaves.close();
    await this.#view?.stop();
  }

  #handlerOf(path: string): Handler | null {
    const { stateDir } = this.#options.call;
    const now = this.#options.call.context.now();
    switch (path) {
      case '/api/now':
        return () => nowAnswer(this.view, { stateDir, calendar: this.#calendar, now });
      case '/api/runs':
        return ({ query }) => runsAnswer(this.view, query, now);
      case '/api/facets':
        return () => facetsAnswer(this.view, now);
      case '/api/config':
        return () => this.#config();
      case '/api/openapi.json':
        return () => this.#openApi();
    }
    const id = /^\/api\/runs\/([\w-]{1,64})$/.exec(path)?.[1];
    if (id !== undefined) {
      return () => runAnswer(this.view, { id, now, leaves: this.#leaves, jaegerUrl: this.#jaegerUrl() });
    }
    const command = this.#commands.get(path);
    return command ? ({ query }) => this.#ask(command, query) : null;
  }

  async #ask(command: ServedCommand, query: URLSearchParams): Promise<object> {
    const { call } = this.#options;
    const parsed = parseQuery(command, query);
    if (!FROM_MEMORY.includes(command.path)) return commandAnswer(command, parsed, call);
    // They are about all that was ever recorded.
    await this.view.whenWhole();
    const { head, table } = this.view.history;
    return commandAnswer(command, parsed, { ...call, history: { document: { ...head, events: [] }, table } });
  }

  #config(): ConfigAnswer {
    const { version, call } = this.#options;
    return {
      version,
      state_dir: call.stateDir,
      time_zone: this.#calendar.zone,
      jaeger_url: this.#jaegerUrl(),
    };
  }

  /** As the build made it: at run time no schemas are loaded. */
  #openApi(): object {
    const path = `${this.#options.call.context.configDir}/schemas/openapi.json`;
    return JSON.parse(readFileSync(path, 'utf8')) as object;
  }

  #jaegerUrl(): string | null {
    try {
      const endpoint = settledEndpoint(this.#options.call.stateDir);
      if (!endpoint) return null;
      const url = new URL(endpoint.url);
      return `${url.protocol}//${url.hostname}:${JAEGER_PORT}`;
    } catch {
      // Settings that are wrong are told of elsewhere.
      return null;
    }
  }

  #failure(error: unknown): Refusal {
    if (error instanceof SpanbookError) {
      const { code, message } = error;
      if (code === 'NOT_FOUND') return { status: 404, code, message };
      if (code === 'BAD_INPUT' || code === 'USAGE') return { status: 400, code, message };
      return { status: 500, code, message };
    }
    this.#options.call.say(`unexpected error: ${error instanceof Error ? error.message : String(error)}`);
    return { status: 500, code: 'INTERNAL', message: 'unexpected error; the terminal of the server says more' };
  }
}

const NOT_FOUND: Refusal = { status: 404, code: 'NOT_FOUND', message: 'path: expected one of /api/openapi.json' };
