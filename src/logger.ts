/** `getLogger()`: the original system's pipeline logger, on spans and facts. One for each state folder and thread. */
import { type Context, context as contextApi, trace } from '@opentelemetry/api';
import { contextAround } from './context-around.ts';
import type { LoggedActivity, LoggedError, LoggedEvent, LoggedWarning } from './logged-event.ts';
import { END_TYPES, START_TYPES } from './model/event-types.ts';
import { ACTIVITY_LEVELS, type ActivityLevel, FACT_VERSION, type NoteFact, type NoteLevel } from './model/fact.ts';
import { LOCAL_SESSION } from './model/fold-activity.ts';
import { endEventId, randomId, spanOfEventId, startEventId } from './model/ids.ts';
import { limitJson, limitObject, limitText, MAX_NAME, MAX_TEXT } from './model/limit-text.ts';
import { redact } from './model/redact.ts';
import { PipelineQueryApi } from './pipeline-query-api.ts';
import { type Pipeline, startPipeline } from './setup.ts';
import type { PipelineActivity } from './span/activity.ts';
import { nearestIn } from './span/nearest.ts';
import { type LiveDocument, openLiveDocument } from './store/live-document.ts';
import { ownIdentity } from './store/process-identity.ts';
import { findStateDir } from './store/state-dir.ts';

interface LoggedStart {
  span: string;
  trace: string;
  level: ActivityLevel;
  name: string;
  /** The activity whose code logged it. */
  inside: string | null;
}

export class PipelineLogger {
  readonly stateDir: string;
  readonly #document: LiveDocument;
  readonly #session = process.env.CLAUDE_CODE_SESSION_ID || LOCAL_SESSION;
  /** Activities that `logEvent` began and did not end, innermost last. */
  readonly #open: LoggedStart[] = [];
  /** What this program runs in. */
  #around: Context | undefined;
  #pipeline: Pipeline | null = null;

  constructor(stateDir: string) {
    this.stateDir = stateDir;
    this.#document = openLiveDocument(stateDir);
  }

  /** Stage, system and checkpoint that later activities stand in, until they are set again. */
  setContext(context: { stage?: string; systemName?: string; checkpoint?: string | number }): void {
    this.#document.append({
      ...this.#base(),
      kind: 'context',
      stage: cut(context.stage, MAX_NAME),
      system: cut(context.systemName, MAX_NAME),
      checkpoint: typeof context.checkpoint === 'string' ? cut(context.checkpoint, MAX_NAME) : context.checkpoint,
    });
  }

  /**
   * Runs `fn` between a start and an end event, and gives back what it gives back. It ends as `failed` if `fn` throws.
   *
   * @param type Level of the activity, as in the original's first argument: `command`, `agent`, `skill`, `checkpoint`.
   */
  activityContext<T>(
    type: string,
    level: string,
    activity: LoggedActivity,
    fn: (eventId: string, activity: PipelineActivity) => T,
  ): T {
    const known = activityLevel(level) ?? activityLevel(type);
    if (!known)
      throw new TypeError(`activityContext: expected a level of ${ACTIVITY_LEVELS.join(', ')}, got "${level}"`);
    this.#pipeline ??= this.#startPipeline();
    const { withCommand, withAgent, withSkill, withCheckpoint } = this.#pipeline;
    const run = { command: withCommand, agent: withAgent, skill: withSkill, checkpoint: withCheckpoint }[known];
    const { intent, stage, label } = activity;
    return run(activity.name, { intent, stage, label }, inner => fn(inner.eventId, inner));
  }

  /** Writes one event and gives back its id. A start stays open until its end is logged. */
  logEvent(event: LoggedEvent): string {
    const level = ACTIVITY_LEVELS.find(
      known => START_TYPES[known] === event.eventType || END_TYPES[known] === event.eventType,
    );
    if (!level)
      return this.#note(noteLevel(event.eventType), { message: event.message ?? event.activity.name, ...event });
    return START_TYPES[level] === event.eventType ? this.#start(level, event) : this.#end(level, event);
  }

  logError(error: LoggedError): string {
    return this.#note('error', { ...error, type: error.errorType, severity: error.severity ?? 'high' });
  }

  logWarning(warning: LoggedWarning): string {
    return this.#note('warning', { ...warning, type: warning.warningType });
  }

  /** What is open now in the state folder, of all processes. */
  getActiveActivities(): ReturnType<PipelineQueryApi['getActiveActivities']> {
    this.#document.flush();
    return new PipelineQueryApi({ stateDir: this.stateDir }).getActiveActivities();
  }

  /** Brings the state files up to date now; otherwise they follow within 250 ms and at exit. */
  flush(): void {
    this.#document.flush();
  }

  /** As `flush`, and sends the spans of `activityContext` where an OTLP endpoint is set. */
  async forceFlush(): Promise<void> {
    await this.#pipeline?.forceFlush();
    this.#document.flush();
  }

  #startPipeline(): Pipeline {
    // A script with a logger has no place for a shutdown; what it did is sent before it ends all the same.
    process.once('beforeExit', () => void this.forceFlush().catch(() => {}));
    return startPipeline({ stateDir: this.stateDir });
  }

  #start(level: ActivityLevel, event: LoggedEvent): string {
    const span = randomId(16);
    const name = limitText(event.activity.name, MAX_NAME);
    const parent = this.#parent(event.parentEventId);
    const trace = parent.trace ?? randomId(32);
    this.#open.push({ span, trace, level, name, inside: nearestIn(contextApi.active()) });
    this.#document.append({
      ...this.#base(),
      kind: 'start',
      level,
      span,
      trace,
      name,
      // Commands of parallel threads stand side by side; what is inside a command may find it in the session.
      parent: parent.span ?? (level === 'command' ? null : undefined),
      label: cut(event.activity.label, MAX_NAME),
      intent: cut(event.activity.intent, MAX_TEXT),
      stage: cut(event.context?.stage ?? event.activity.stage, MAX_NAME),
      system: cut(event.context?.systemName, MAX_NAME),
      process: this.#open.length === 1 ? ownIdentity() : undefined,
    });
    return startEventId(span);
  }

  #end(level: ActivityLevel, event: LoggedEvent): string {
    const name = limitText(event.activity.name, MAX_NAME);
    const given = event.relatedStartEventId && spanOfEventId(event.relatedStartEventId);
    const open = this.#open.findLast(one => (given ? one.span === given : one.level === level && one.name === name));
    if (open) this.#open.splice(this.#open.lastIndexOf(open), 1);
    const span = given || open?.span;
    this.#document.append({
      ...this.#base(),
      kind: 'end',
      level,
      span,
      name,
      status: event.status ?? 'completed',
      outputs: limitObject(event.outputs),
    });
    return span === undefined ? '' : endEventId(span);
  }

  #note(
    level: NoteLevel,
    note: { type?: string; message: string; severity?: string; recovery?: unknown; parentEventId?: string },
  ): string {
    const id = randomId(16);
    const fact: NoteFact = {
      ...this.#base(),
      kind: 'note',
      level,
      id,
      parent: this.#parent(note.parentEventId).span,
      type: cut(note.type, MAX_NAME),
      message: limitText(redact(note.message.slice(0, MAX_TEXT + 1)), MAX_TEXT),
      severity: cut(note.severity, MAX_NAME),
      recovery: limitJson(note.recovery),
    };
    this.#document.append(fact);
    return startEventId(id);
  }

  /**
   * The named parent; else the last activity that was logged here, or the one this code runs in; else what is around the
   * program. With its trace, if that is known here.
   */
  #parent(eventId: string | undefined): { span?: string; trace?: string } {
    const active = contextApi.active();
    const around = nearestIn(active);
    const named = eventId === undefined ? null : spanOfEventId(eventId);
    const logged = this.#open.findLast(one => (named === null ? one.inside === around : one.span === named));
    if (logged) return logged;
    if (named !== null) return { span: named, trace: named === around ? traceOf(active) : undefined };
    if (around !== null) return { span: around, trace: traceOf(active) };
    this.#around ??= contextAround(this.stateDir, process.env);
    return { span: nearestIn(this.#around) ?? undefined, trace: traceOf(this.#around) };
  }

  #base() {
    return { v: FACT_VERSION, at: Date.now(), source: 'span', session: this.#session } as const;
  }
}

const traceOf = (context: Context): string | undefined => trace.getSpanContext(context)?.traceId;

const cut = (text: string | undefined, max: number): string | undefined =>
  text === undefined ? undefined : limitText(text, max);

const activityLevel = (text: string): ActivityLevel | undefined => ACTIVITY_LEVELS.find(level => level === text);

const noteLevel = (eventType: string): NoteLevel =>
  eventType === 'error' || eventType === 'warning' ? eventType : 'info';

const loggers = new Map<string, PipelineLogger>();

/** The logger of a state folder; the same one each time it is asked for. */
export function getLogger(options: { stateDir?: string } = {}): PipelineLogger {
  const { path } = findStateDir({ given: options.stateDir, env: process.env, cwd: process.cwd() });
  let logger = loggers.get(path);
  if (!logger) {
    logger = new PipelineLogger(path);
    loggers.set(path, logger);
  }
  return logger;
}

/** Runs `fn` as a skill, with the default logger. */
export function logSkillExecution<T>(
  name: string,
  intent: string,
  fn: (eventId: string, activity: PipelineActivity) => T,
): T {
  return getLogger().activityContext('skill', 'skill', { type: 'skill', name, intent }, fn);
}
