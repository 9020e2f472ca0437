/** What the fold knows: activities, events in order, and what is still waited for. Changed only by the fold. */
import type { Activity, Context, End, Note, ToldUsage } from './activity.ts';
import type { EndStatus, UsageSum } from './fact.ts';

export type EventSlot =
  | { readonly kind: 'start' | 'end'; readonly activity: Activity }
  | { readonly kind: 'note'; readonly note: Note };

export interface Session {
  readonly id: string;
  startedAt: number;
  lastAt: number;
  endedAt?: number;
  cwd?: string;
  branch?: string;
  title?: string;
  transcript?: string;
  /** Key of the run that the last human prompt began. */
  lastRun?: string;
  commands: number;
  /** Span ids of open activities in the order of their starts; the last is the innermost. */
  readonly open: string[];
}

/** A call of the Agent tool, by its `tool_use_id`. */
export interface AgentCall {
  readonly run: string;
  /** Span of the skill, agent or command that made the call. */
  readonly parent: string;
  /** Absent while only the return of the call is known. */
  readonly name?: string;
  readonly label?: string;
  returned: boolean;
  /** The tool came back with the agent's result, so the agent is over. */
  status?: 'completed' | 'failed';
  at?: number;
  child?: string;
}

export interface Statistics {
  total_events: number;
  total_commands: number;
  total_agents_spawned: number;
  total_skills_invoked: number;
  total_errors: number;
  total_warnings: number;
}

/** Lines that gave no event, by reason. */
export interface Skipped {
  /** No JSON, or no fact. */
  damaged: number;
  /** Facts of a newer version or an unknown kind. */
  unknown: number;
  /** Hook inputs that were no JSON; kept as a fact with their length and hash. */
  unreadable_inputs: number;
  /** Hook events that this version does not know. */
  unknown_hook_events: number;
}

export interface FoldState {
  readonly activities: Map<string, Activity>;
  readonly open: Map<string, Activity>;
  readonly events: EventSlot[];
  /** Positions in `events` that changed since the renderer last looked. */
  readonly touched: Set<number>;
  readonly statistics: Statistics;
  readonly skipped: Skipped;
  startedAt: number | null;
  updatedAt: number | null;
  context: Context;
  commandStage: string | null;
  commandSystem: string | null;
  openCommands: number;
  lastCommand: { span: string; status: EndStatus } | null;
  /** Latest start of a command. What is imported of the time before does not change what came last. */
  newestCommandAt: number;
  readonly sessions: Map<string, Session>;
  nextSweepAt: number;
  /** Ids of notes and requests that were counted. Activities are known by `activities`. */
  readonly seen: Set<string>;
  /** Says whether an id stands before `events`: in an archive, or in the part of the document that is not rendered anew. */
  isArchived: (id: string) => boolean;
  /** A fact would have changed something that stands before `events`. */
  reachesBack: boolean;
  /** Activities whose events before `events` would be others now. For readers that show them; nobody else looks. */
  readonly reached: Set<Activity>;
  /** Spans that something before `events` waits for. */
  readonly waitedFor: Set<string>;
  /** Activities and notes whose parent has not been seen, by the parent's span id. */
  readonly orphans: Map<string, (Activity | Note)[]>;
  readonly pendingEnds: Map<string, End>;
  /** Usage of requests whose activity has not been seen, by its span id. */
  readonly pendingUsage: Map<string, UsageSum>;
  /** The same of what transcripts told. */
  readonly pendingTold: Map<string, ToldUsage>;
  /** Prompts of the client's own, and the run that each continues. */
  readonly runAlias: Map<string, string>;
  /** Names of commands whose prompts have not been seen, with the stage that the rules give. */
  readonly commandNames: Map<string, { name: string; stage?: string }>;
  /** Span ids of the starts of an agent id, and the ones assumed before its start was seen. */
  readonly agentSpans: Map<string, string[]>;
  readonly assumedSpans: Map<string, string[]>;
  readonly agentEnds: Map<string, End>;
  readonly calls: Map<string, AgentCall>;
  readonly callOfAgent: Map<string, string>;
  /** Calls and agents of a run that are not joined yet. */
  readonly unjoined: Map<string, { calls: string[]; agents: string[] }>;
  /** Span of the open skill, by its owner. */
  readonly openSkill: Map<string, string>;
}

const NO_CONTEXT: Context = { stage: null, system: null, checkpoint: null };

export function createState(isArchived: (id: string) => boolean = () => false): FoldState {
  return {
    activities: new Map(),
    open: new Map(),
    events: [],
    touched: new Set(),
    statistics: {
      total_events: 0,
      total_commands: 0,
      total_agents_spawned: 0,
      total_skills_invoked: 0,
      total_errors: 0,
      total_warnings: 0,
    },
    skipped: { damaged: 0, unknown: 0, unreadable_inputs: 0, unknown_hook_events: 0 },
    startedAt: null,
    updatedAt: null,
    context: NO_CONTEXT,
    commandStage: null,
    commandSystem: null,
    openCommands: 0,
    lastCommand: null,
    newestCommandAt: Number.MIN_SAFE_INTEGER,
    sessions: new Map(),
    nextSweepAt: 0,
    seen: new Set(),
    isArchived,
    reachesBack: false,
    reached: new Set(),
    waitedFor: new Set(),
    orphans: new Map(),
    pendingEnds: new Map(),
    pendingUsage: new Map(),
    pendingTold: new Map(),
    runAlias: new Map(),
    commandNames: new Map(),
    agentSpans: new Map(),
    assumedSpans: new Map(),
    agentEnds: new Map(),
    calls: new Map(),
    callOfAgent: new Map(),
    unjoined: new Map(),
    openSkill: new Map(),
  };
}

/**
 * True if an id stands before `events`. Whoever asks and finds it there meant something that cannot be changed from
 * here, so asking is reaching back.
 */
export function isBefore(state: FoldState, id: string): boolean {
  const before = state.isArchived(id);
  if (before) state.reachesBack = true;
  return before;
}
