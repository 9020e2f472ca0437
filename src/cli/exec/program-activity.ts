/** The activity that a program is: told when it begins and when it is over. Where that fails, the program runs without. */
import { basename, resolve } from 'node:path';
import { ATTR_EXECUTABLE, ATTR_EXIT_CODE, ATTR_PID } from '../../attributes.ts';
import { appendFact } from '../../journal/append-fact.ts';
import { type ActivityLevel, type EndFact, FACT_VERSION, type Fact, type StartFact } from '../../model/fact.ts';
import { formatTraceparent, handedParent, parseTraceparent, type RemoteSpan } from '../../model/handed-parent.ts';
import { randomId, startEventId } from '../../model/ids.ts';
import { limitText, MAX_NAME } from '../../model/limit-text.ts';
import { stageOf } from '../../model/stage-rules.ts';
import { findParent } from '../../store/find-parent.ts';
import { isKept } from '../../store/heartbeat.ts';
import { refreshAfterHook } from '../../store/hook-refresh.ts';
import { makeStateDir } from '../../store/make-state-dir.ts';
import { ownIdentity } from '../../store/process-identity.ts';
import { readWriterSettings, type WriterSettings } from '../../store/read-settings.ts';
import { exitCodeOf, type ProgramOutcome } from './run-program.ts';

/** A program that is over by then needs no document that shows it running. */
const REFRESH_AFTER_MILLIS = 100;

export interface ProgramActivityOptions {
  stateDir: string;
  program: string;
  name: string;
  level: ActivityLevel;
  /** Default: by the rules of the settings. */
  stage: string | undefined;
  env: NodeJS.ProcessEnv;
  cwd: string;
  now(): number;
  /** Says once why nothing is recorded. */
  complain(message: string): void;
}

export interface ProgramActivity {
  /** For the program: what it was given, with the activity as the parent of what it does. */
  env: NodeJS.ProcessEnv;
  started(): void;
  ended(outcome: ProgramOutcome): void;
}

/** Writes the start to the journal; the document follows when the program runs. Never throws. */
export function beginProgramActivity(options: ProgramActivityOptions): ProgramActivity {
  const { stateDir, env, now, level } = options;
  const settings = readWriterSettings(stateDir);
  const name = limitText(options.name, MAX_NAME);
  const executable = limitText(basename(options.program), MAX_NAME);
  const { trace = randomId(32), ...link } = linkOf(stateDir, env);
  const span = randomId(16);
  const base = (): Pick<Fact, 'v' | 'at' | 'source' | 'session'> => ({
    v: FACT_VERSION,
    at: now(),
    source: 'hook',
    session: env.CLAUDE_CODE_SESSION_ID || undefined,
  });
  const start: StartFact = {
    ...base(),
    source: 'hook',
    kind: 'start',
    level,
    span,
    trace,
    name,
    ...link,
    stage: options.stage === undefined ? stageOf(settings.stages, name) : limitText(options.stage, MAX_NAME),
    attributes: { [ATTR_EXECUTABLE]: executable },
    process: ownIdentity(),
    program: true,
  };
  try {
    makeStateDir(stateDir);
    appendFact(stateDir, start, settings);
  } catch (error) {
    options.complain(`nothing is recorded: ${messageOf(error)}`);
    return { env, started() {}, ended() {} };
  }
  let timer: NodeJS.Timeout | undefined;
  return {
    env: environmentOf(options, { span, trace }),
    started() {
      timer = setTimeout(() => refresh(stateDir, settings, false), REFRESH_AFTER_MILLIS);
    },
    ended(outcome) {
      clearTimeout(timer);
      const pid = outcome.kind === 'unstarted' ? undefined : outcome.pid;
      const code = outcome.kind === 'unstarted' ? undefined : exitCodeOf(outcome);
      const end: EndFact = {
        ...base(),
        kind: 'end',
        level,
        span,
        name,
        ...resultOf(outcome, executable),
        attributes: { [ATTR_PID]: pid, [ATTR_EXIT_CODE]: code },
        program: true,
      };
      try {
        appendFact(stateDir, end, settings);
      } catch (error) {
        options.complain(`its end is not recorded: ${messageOf(error)}`);
        return;
      }
      refresh(stateDir, settings, level === 'command');
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The parent, and the trace that the fold gives to what hangs under it. */
function linkOf(stateDir: string, env: NodeJS.ProcessEnv): Pick<StartFact, 'parent' | 'handed'> & { trace?: string } {
  const handed = handedParent(env);
  try {
    const found = findParent(stateDir, env);
    return found ? { parent: found.span, trace: found.trace } : { parent: handed?.span ?? null, trace: handed?.trace };
  } catch {
    // What cannot be read now is left to the fold, as hooks leave it.
    return {
      parent: handed?.span,
      trace: handed?.trace,
      handed: handed && env.CLAUDE_CODE_SESSION_ID ? true : undefined,
    };
  }
}

function environmentOf({ env, cwd, stateDir }: ProgramActivityOptions, activity: RemoteSpan): NodeJS.ProcessEnv {
  const handed: NodeJS.ProcessEnv = {
    ...env,
    TRACEPARENT: formatTraceparent(activity),
    SPANBOOK_PARENT_EVENT_ID: startEventId(activity.span),
    SPANBOOK_STATE_DIR: resolve(cwd, stateDir),
  };
  // It belongs to a trace, and says nothing of another.
  if (parseTraceparent(env.TRACEPARENT)?.trace !== activity.trace) delete handed.TRACESTATE;
  return handed;
}

function resultOf(outcome: ProgramOutcome, executable: string): Pick<EndFact, 'status' | 'error'> {
  if (outcome.kind === 'exited' && outcome.code === 0) return { status: 'completed' };
  const failed = (type: string, what: string): Pick<EndFact, 'status' | 'error'> => ({
    status: 'failed',
    error: { type, message: `${executable}: ${what}` },
  });
  switch (outcome.kind) {
    case 'exited':
      return failed('ExitCode', `exit code ${outcome.code}`);
    case 'killed':
      return failed(outcome.signal, `ended by ${outcome.signal}`);
    case 'unstarted':
      return failed(outcome.code, outcome.reason);
  }
}

/** As hooks do it: while that is quick, and nobody else keeps the document. */
function refresh(stateDir: string, settings: WriterSettings, endsRun: boolean): void {
  try {
    if (!isKept(stateDir, Date.now())) refreshAfterHook(stateDir, settings.maxBytes, endsRun);
  } catch {
    // The journal has the fact, and whoever asks refreshes first.
  }
}
