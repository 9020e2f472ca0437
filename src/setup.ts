/** The one composition root: provider, processors and exporters → the helpers that a program uses. */
import { accessSync, constants } from 'node:fs';
import { hostname } from 'node:os';
import { type Attributes, context, createContextKey, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { contextAround } from './context-around.ts';
import type { ActivityLevel } from './model/fact.ts';
import { LOCAL_SESSION } from './model/fold-activity.ts';
import { noteFact } from './model/note-fact.ts';
import { endpointIn, namedEndpoint, type OtlpEndpoint, settledEndpoint } from './otlp-endpoint.ts';
import { ForeignSpans } from './processor/foreign-spans.ts';
import { LiveSpanProcessor } from './processor/live-span-processor.ts';
import { serviceResource } from './processor/service-resource.ts';
import { openProgramRelay } from './program-relay.ts';
import type { PipelineActivity } from './span/activity.ts';
import { type ActivityOptions, runInSpan, type SpanSource } from './span/run-in-span.ts';
import { openLiveDocument } from './store/live-document.ts';
import { makeStateDir } from './store/make-state-dir.ts';
import { findStateDir } from './store/state-dir.ts';

export interface PipelineOptions {
  /** State folder; default: `SPANBOOK_STATE_DIR`, else `state/` of the project. */
  stateDir?: string;
  /** `service.name` in traces, `spanbook` by default. */
  serviceName?: string;
  /** System and stage of activities that name none themselves. */
  systemName?: string;
  stage?: string;
  /** `session.id` on every span; default: the session of Claude Code around this process, else `local`. */
  sessionId?: string;
  /** OTLP/HTTP base URL; default: `OTEL_EXPORTER_OTLP_ENDPOINT`, else nothing is sent. `false`: never send. */
  otlpEndpoint?: string | false;
  /** More resource attributes. */
  resource?: Attributes;
  /** More processors, such as a `BatchSpanProcessor` with an exporter of yours. */
  spanProcessors?: SpanProcessor[];
  /** Make this the global tracer provider, so that spans of other instrumentations join in. Default: if it is the first. */
  register?: boolean;
  /** Time between refreshes of the document in milliseconds, 250 by default. */
  refreshMillis?: number;
}

/** Runs `fn` as an activity: `withCommand('/deploy', fn)` or `withCommand('/deploy', { stage: 'ship' }, fn)`. */
export interface ActivityHelper {
  <T>(name: string, fn: (activity: PipelineActivity) => T): T;
  <T>(name: string, options: ActivityOptions, fn: (activity: PipelineActivity) => T): T;
}

export interface Pipeline {
  readonly tracer: Tracer;
  readonly withCommand: ActivityHelper;
  readonly withAgent: ActivityHelper;
  readonly withSkill: ActivityHelper;
  readonly withCheckpoint: ActivityHelper;
  /** Sends what waits and brings the state files up to date. */
  forceFlush(): Promise<void>;
  /** `forceFlush`, and an end. */
  shutdown(): Promise<void>;
}

/** Room for a burst: the default of 2,048 drops silently what comes in one tick beyond it. */
const MAX_QUEUE_SIZE = 16_384;
const INSTRUMENTATION = 'spanbook';
/** A second global provider would be refused by the API; its spans nest in the context of the first all the same. */
let registered = false;

/**
 * Starts tracing in this process: activities go to the state folder at once, and by OTLP where an endpoint is set.
 *
 * @example
 * const pipeline = startPipeline({ systemName: 'Inventory', stage: 'prototype' });
 * await pipeline.withCommand('/prototype', async command => {
 *   await pipeline.withAgent('builder', async agent => agent.recordWarning('no tests yet'));
 *   command.setOutputs({ files_created: 10 });
 * });
 * await pipeline.shutdown();
 */
export function startPipeline(options: PipelineOptions = {}): Pipeline {
  const { env } = process;
  const { path: stateDir, avoided } = findStateDir({ given: options.stateDir, env, cwd: process.cwd() });
  if (avoided) process.emitWarning(`spanbook: ${avoided} holds other files, so ${stateDir} is used`);
  const document = openLiveDocument(stateDir, { refreshMillis: options.refreshMillis });
  const endpoint = endpointFor(options.otlpEndpoint, stateDir);
  // A folder that keeps nothing has nothing to be sent from.
  const relay = endpoint && isWritable(stateDir) ? openProgramRelay({ stateDir, endpoint }) : null;
  const provider = new NodeTracerProvider({
    resource: serviceResource(options.serviceName, hostname(), options.resource),
    // The state files are to be complete: variables that sample or cut spans are for other providers.
    sampler: new AlwaysOnSampler(),
    spanLimits: {
      attributeValueLengthLimit: Number.POSITIVE_INFINITY,
      attributeCountLimit: 256,
      eventCountLimit: 1024,
    },
    spanProcessors: [
      new LiveSpanProcessor({
        stateDir,
        refreshMillis: options.refreshMillis,
        relayed: options.otlpEndpoint !== false && (relay !== null || endpoint === null),
      }),
      ...(endpoint ? [ownSpans(endpoint, relay !== null)] : []),
      ...(options.spanProcessors ?? []),
    ],
  });
  nestByContext();
  if (options.register ?? !registered) {
    provider.register();
    registered = true;
  }
  const sessionId = options.sessionId ?? (env.CLAUDE_CODE_SESSION_ID || LOCAL_SESSION);
  const source: SpanSource = {
    tracer: provider.getTracer(INSTRUMENTATION),
    sessionId,
    rootContext: contextAround(stateDir, env),
    listener: { onNote: note => document.append(noteFact(note, sessionId)) },
  };
  const defaults = { stage: options.stage, systemName: options.systemName };
  const flush = async (): Promise<void> => {
    await provider.forceFlush();
    document.flush();
    await relay?.flush();
  };
  return {
    tracer: source.tracer,
    withCommand: helper(source, 'command', defaults),
    withAgent: helper(source, 'agent', {}),
    withSkill: helper(source, 'skill', {}),
    withCheckpoint: helper(source, 'checkpoint', {}),
    forceFlush: flush,
    shutdown: async () => {
      await provider.shutdown();
      document.flush();
      await relay?.close();
    },
  };
}

/** The argument, else the standard variables, else the settings file. None: nothing leaves this machine. */
function endpointFor(given: string | false | undefined, stateDir: string): OtlpEndpoint | null {
  if (given === false) return null;
  try {
    if (given) return namedEndpoint(given, stateDir, process.env);
    return endpointIn(process.env) ?? settledEndpoint(stateDir);
  } catch (error) {
    process.emitWarning(`spanbook: ${error instanceof Error ? error.message : String(error)}; nothing is sent`);
    return null;
  }
}

/** What the program sends itself: all but what the relay sends. */
function ownSpans({ url, headers }: OtlpEndpoint, isRelayed: boolean): SpanProcessor {
  const exporter = new OTLPTraceExporter({ url, headers });
  const batches = new BatchSpanProcessor(exporter, { maxQueueSize: MAX_QUEUE_SIZE, scheduledDelayMillis: 1000 });
  return isRelayed ? new ForeignSpans(batches) : batches;
}

function isWritable(stateDir: string): boolean {
  try {
    makeStateDir(stateDir);
    accessSync(stateDir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Makes activities nest, unless somebody has set a context manager before. */
function nestByContext(): void {
  const probe = createContextKey('spanbook probe');
  const works = context.with(ROOT_CONTEXT.setValue(probe, true), () => context.active().getValue(probe) === true);
  if (!works) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

function helper(source: SpanSource, level: ActivityLevel, defaults: ActivityOptions): ActivityHelper {
  return <T>(
    name: string,
    given: ActivityOptions | ((activity: PipelineActivity) => T),
    fn?: (activity: PipelineActivity) => T,
  ): T => {
    const options = typeof given === 'function' ? {} : given;
    const body = typeof given === 'function' ? given : fn;
    if (typeof name !== 'string' || typeof body !== 'function') {
      throw new TypeError(
        `with${level}: expected (name, options?, function), got (${typeof name}, ${typeof given}, ${typeof fn})`,
      );
    }
    return runInSpan(source, level, name, { ...defaults, ...options }, body);
  };
}
