/** The hooks for scripts: flags → fact. They draw random ids and never read the journal. */
import {
  type ActivityLevel,
  END_STATUSES,
  type EndFact,
  type EndStatus,
  FACT_VERSION,
  NOTE_LEVELS,
  type StartFact,
} from '../model/fact.ts';
import { handedParent } from '../model/handed-parent.ts';
import { noteIdOf, randomId, spanOfEventId, startEventId } from '../model/ids.ts';
import { redact } from '../model/redact.ts';
import { stageOf } from '../model/stage-rules.ts';
import { choiceFlag, jsonFlag, nameFlag, objectFlag, textFlag } from './flags.ts';
import { flagValue, type HookResult, type HookRun } from './run-hook.ts';

interface ParentLink {
  /** Span id of the parent; undefined leaves it to the fold: the innermost open activity of the session. */
  parent: string | undefined;
  trace: string | undefined;
  handed?: true;
}

/** The parent that the caller names, by flag or environment. */
function parentLink(run: HookRun): ParentLink {
  const flag = flagValue(run.args, '--parent-event-id');
  const given = flag || run.env.SPANBOOK_PARENT_EVENT_ID;
  const link = flag ? { span: spanOfEventId(flag), trace: undefined } : handedParent(run.env);
  const parent = link?.span ?? undefined;
  if (given && parent === undefined) {
    run.complain(`expected an event id like evt-0123456789abcdef as parent, got ${JSON.stringify(given)}`);
  }
  const isHanded = !flag && parent !== undefined && Boolean(run.env.CLAUDE_CODE_SESSION_ID);
  return { parent, trace: link?.trace, handed: isHanded ? true : undefined };
}

const base = (run: HookRun) =>
  ({ v: FACT_VERSION, at: run.now, source: 'hook', session: run.env.CLAUDE_CODE_SESSION_ID || undefined }) as const;

/** True if a script speaks by flags; else Claude Code speaks on standard input. */
export const isScript = (run: HookRun): boolean =>
  run.args.some(arg => arg.startsWith('--') && !arg.startsWith('--state-dir'));

/** Begins an activity and prints its event id. */
export function startHook(run: HookRun, level: ActivityLevel, nameOption: string): HookResult {
  const span = randomId(16);
  const { parent, trace, handed } = parentLink(run);
  const name = nameFlag(run, nameOption);
  const fact: StartFact = {
    ...base(run),
    kind: 'start',
    level,
    span,
    trace: trace ?? randomId(32),
    name,
    parent,
    handed,
    intent: textFlag(run, '--intent'),
    stage: textFlag(run, '--stage') ?? (level === 'checkpoint' ? undefined : stageOf(run.settings.stages, name)),
    system: textFlag(run, '--system-name'),
  };
  return { fact, print: startEventId(span) };
}

/** Ends the activity with this start event, or the innermost open one of its level and name. */
export function endHook(run: HookRun, level: ActivityLevel, nameOption: string): HookResult {
  const given = flagValue(run.args, '--start-event-id');
  // An id that cannot be one ends nothing: the innermost open activity is for those who named none.
  const span = given === undefined ? undefined : (spanOfEventId(given) ?? noteIdOf('unknown start', given));
  if (given !== undefined && spanOfEventId(given) === null) {
    run.complain(`expected --start-event-id like evt-0123456789abcdef, got ${JSON.stringify(given)}`);
  }
  const message = textFlag(run, '--error');
  const status: EndStatus = choiceFlag(run, '--status', END_STATUSES, message === undefined ? 'completed' : 'failed');
  const fact: EndFact = {
    ...base(run),
    kind: 'end',
    level,
    span,
    name: textFlag(run, nameOption),
    stage: textFlag(run, '--stage'),
    status,
    outputs: objectFlag(run, '--outputs'),
    error:
      message === undefined ? undefined : { type: textFlag(run, '--error-type') ?? 'Error', message: redact(message) },
  };
  return { fact };
}

/** `--phase start|end`, for activities that one executable begins and ends. */
export function phaseHook(run: HookRun, level: ActivityLevel, nameOption: string): HookResult {
  const phase = choiceFlag(run, '--phase', ['start', 'end'], 'start');
  return phase === 'start' ? startHook(run, level, nameOption) : endHook(run, level, nameOption);
}

/** An error, a warning or a message inside the innermost activity. */
export function noteHook(run: HookRun): HookResult {
  const id = randomId(16);
  const level = choiceFlag(run, '--level', NOTE_LEVELS, 'info');
  const message = textFlag(run, '--message');
  if (message === undefined) run.complain('expected --message TEXT, got none; recorded without one');
  const fact = {
    ...base(run),
    kind: 'note',
    level,
    id,
    ...parentLink(run),
    type: textFlag(run, '--type'),
    message: redact(message ?? '(no message)'),
    severity: textFlag(run, '--severity'),
    recovery: jsonFlag(run, '--recovery'),
  } as const;
  return { fact };
}
