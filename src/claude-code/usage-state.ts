/** What must be known of a session to say what its next request belongs to. Plain data: it is kept between readings. */
import type { Method } from '../usage/billed-request.ts';

/** A skill that is at work, with its span; a typed one is the command itself and has no span of its own. */
export interface WorkingSkill {
  name: string;
  span: string | null;
}

/** A prompt of a person with all that follows from it. */
export interface Run {
  /** Part of the ids of what it began. */
  key: string;
  command: string;
  /** The command is a skill that was typed. */
  typedSkill?: string;
  skill?: WorkingSkill;
  /** The client has answered it alone so far; an agent of its own may belong to it. */
  isLocal?: boolean;
  /** What was typed with a slash: its name, if the client answers it itself. */
  slash?: string;
  /** The client's id of its last prompt, if it is not the key. */
  prompt?: string;
  /** Id of the record that began it, until the model answers. */
  uuid?: string;
}

/** A call of the tool that spawns agents, or of a skill that an agent of its own does. */
export interface Call {
  run: Run | null;
  type?: string;
  /** What is at work where it is called from; of a call of a skill: that skill. */
  skill?: WorkingSkill;
  /** Of a call of a skill: what was at work before, to go back to if the skill is refused. */
  before?: WorkingSkill;
  isSkill?: boolean;
}

/** An agent as far as its transcript was read. */
export interface AgentState {
  run: Run | null;
  span: string | null;
  type?: string;
  /** Its own skill. */
  skill?: WorkingSkill;
  /** That of its caller. */
  inherited?: WorkingSkill;
  /** The client's id of the prompt that it was last started under. */
  prompt?: string;
  /** How its run is known. */
  method?: Method;
  /** Its transcript lies beside the main ones. */
  isLoose?: boolean;
}

/** What the client itself says that a session has cost, when it was closed. */
export interface ClientTotals {
  at: number | null;
  cost_usd: number;
  models: Record<string, { input: number; output: number; cache_read: number; cache_write: number; cost_usd: number }>;
  unknown_cost?: boolean;
}

export interface SessionState {
  project: string | null;
  /** By the client's id of the prompt. Several prompts may be one run. */
  runs: Map<string, Run>;
  current: Run | null;
  /** Begun by a command that the client may answer alone. */
  tentative: Run | null;
  calls: Map<string, Call>;
  /** The call that made each agent. */
  callOfAgent: Map<string, string>;
  agents: Map<string, AgentState>;
  totals?: ClientTotals;
  /** Of a fork: sessions whose requests it repeats, and the time of the last of them. */
  repeats?: Record<string, number>;
}

export const emptySession = (): SessionState => ({
  project: null,
  runs: new Map(),
  current: null,
  tentative: null,
  calls: new Map(),
  callOfAgent: new Map(),
  agents: new Map(),
});

/** A session may go on for weeks: the oldest entries make room. */
const MAX_REMEMBERED = 2000;

export function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_REMEMBERED)
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
}

export interface PackedSession {
  project: string | null;
  runs: Run[];
  prompts: [string, number][];
  current: number;
  tentative: number;
  calls: [string, Omit<Call, 'run'> & { run: number }][];
  callOfAgent: [string, string][];
  agents: [string, Omit<AgentState, 'run'> & { run: number }][];
  totals?: ClientTotals | undefined;
  repeats?: Record<string, number> | undefined;
}

/** As plain JSON. Runs are shared between the parts, and are shared again when it is read. */
export function packSession(state: SessionState): PackedSession {
  const runs: Run[] = [];
  const numbers = new Map<Run, number>();
  const numberOf = (run: Run | null): number => {
    if (!run) return -1;
    let number = numbers.get(run);
    if (number === undefined) {
      number = runs.push(run) - 1;
      numbers.set(run, number);
    }
    return number;
  };
  const packed = {
    project: state.project,
    prompts: [...state.runs].map(([prompt, run]): [string, number] => [prompt, numberOf(run)]),
    current: numberOf(state.current),
    tentative: numberOf(state.tentative),
    calls: [...state.calls].map(([id, call]): PackedSession['calls'][number] => [
      id,
      { ...call, run: numberOf(call.run) },
    ]),
    callOfAgent: [...state.callOfAgent],
    agents: [...state.agents].map(([id, agent]): PackedSession['agents'][number] => [
      id,
      { ...agent, run: numberOf(agent.run) },
    ]),
    totals: state.totals,
    repeats: state.repeats,
  };
  return { ...packed, runs };
}

export function unpackSession(value: unknown): SessionState {
  const packed = value as PackedSession;
  const runOf = (number: number): Run | null => packed.runs[number] ?? null;
  const prompts = packed.prompts.flatMap(([prompt, number]): [string, Run][] => {
    const run = runOf(number);
    return run ? [[prompt, run]] : [];
  });
  return {
    project: packed.project,
    runs: new Map(prompts),
    current: runOf(packed.current),
    tentative: runOf(packed.tentative),
    calls: new Map(packed.calls.map(([id, call]) => [id, { ...call, run: runOf(call.run) }])),
    callOfAgent: new Map(packed.callOfAgent),
    agents: new Map(packed.agents.map(([id, agent]) => [id, { ...agent, run: runOf(agent.run) }])),
    totals: packed.totals,
    repeats: packed.repeats,
  };
}
