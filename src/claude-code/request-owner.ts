/**
 * Which command, agent and skill a request belongs to: by the client's own stamps and ids first, by structure second.
 *
 * The client stamps a request with the skill that was called last. The stamp begins after the call, names a custom
 * command as if it were a skill, is inherited by agents, and is lost when an agent in the background reports. Where it
 * says nothing or names the command, the structure says what a person would: a skill is at work until its owner calls
 * the next one, or is over.
 */
import { runSpan } from '../model/owner.ts';
import { type BilledRequest, MAIN_AGENT, METHODS, type Method, NO_SKILL, type Owner } from '../usage/billed-request.ts';
import { name, type Payload, text } from './payload.ts';
import type { AgentState, Run, WorkingSkill } from './usage-state.ts';

export interface RequestOwner {
  owner: Pick<Owner, 'command' | 'agent' | 'instance' | 'skill'>;
  /** Of the innermost activity. */
  span: string | null;
  methods: BilledRequest['methods'];
}

/** `run`: the one that goes on in the main transcript; null before the first prompt. */
export function ownerInMain(record: Payload, run: Run | null): RequestOwner {
  // Older clients wrote what agents did into the main file, without saying which agent it was.
  const isSidechain = record.isSidechain === true;
  const skill = skillOf(stampOf(record.attributionSkill), { run, own: isSidechain ? undefined : run?.skill });
  const agent = isSidechain ? (stampOf(record.attributionAgent) ?? null) : MAIN_AGENT;
  return {
    owner: {
      command: run?.command ?? null,
      agent,
      instance: isSidechain ? (text(record.agentId) ?? null) : null,
      skill: isSidechain && skill.method !== 'exact' ? null : skill.name,
    },
    span: skill.span ?? (run ? runSpan(run.key) : null),
    methods: methodsOf({ skill: skill.method }),
  };
}

export interface AgentRequest {
  id: string;
  agent: AgentState;
  /** What the client does for itself has a transcript too, as when it compacts: it belongs to the run. */
  isInternal: boolean;
}

export function ownerInAgent(record: Payload, { id, agent, isInternal }: AgentRequest): RequestOwner {
  const { run, method } = agent;
  const type = stampOf(record.attributionAgent) ?? agent.type;
  const skill = skillOf(stampOf(record.attributionSkill), { run, own: agent.skill, inherited: agent.inherited });
  const command = method === 'exact' ? undefined : method;
  if (isInternal && type === undefined) {
    return {
      owner: { command: run?.command ?? null, agent: MAIN_AGENT, instance: null, skill: skill.name },
      span: run ? runSpan(run.key) : null,
      methods: methodsOf({ command, agent: 'inherited', skill: skill.method }),
    };
  }
  return {
    owner: { command: run?.command ?? null, agent: type ?? 'agent', instance: id, skill: skill.name },
    span: skill.span ?? agent.span,
    methods: methodsOf({ command, skill: skill.method }),
  };
}

const stampOf = (value: unknown): string | undefined => (text(value) ? name(value, '') : undefined);

interface SkillSources {
  run: Run | null;
  /** The one that this owner has called itself. */
  own?: WorkingSkill | undefined;
  /** The one that was at work where the agent was called. */
  inherited?: WorkingSkill | undefined;
}

interface FoundSkill {
  name: string;
  /** Only if it is the owner's own: what an agent does for the skill of its caller is in the agent. */
  span: string | null;
  method: Method;
}

function skillOf(stamp: string | undefined, { run, own, inherited }: SkillSources): FoundSkill {
  const typed = run?.typedSkill;
  const isCommand = stamp !== undefined && typed === undefined && isSame(stamp, run?.command.slice(1));
  if (own) {
    if (stamp === undefined || isCommand) return { ...own, method: 'inherited' };
    if (isSame(stamp, own.name)) return { ...own, method: 'exact' };
  }
  if (stamp !== undefined && !isCommand) {
    if (inherited && isSame(stamp, inherited.name)) return { name: inherited.name, span: null, method: 'inherited' };
    return { name: stamp, span: null, method: 'exact' };
  }
  const around = inherited?.name ?? typed;
  return around === undefined
    ? { name: NO_SKILL, span: null, method: 'exact' }
    : { name: around, span: null, method: 'inherited' };
}

/** Stamps of skills from plugins have the plugin before the name, calls may leave it out. */
const isSame = (a: string, b: string | undefined): boolean =>
  b !== undefined && (a === b || a.endsWith(`:${b}`) || b.endsWith(`:${a}`));

const SHARED: BilledRequest['methods'][] = [];

/** One object for each combination: requests that know the same share it. */
function methodsOf(methods: BilledRequest['methods']): BilledRequest['methods'] {
  const { command = 'exact', agent = 'exact', skill = 'exact' } = methods;
  const index = (METHODS.indexOf(command) * 3 + METHODS.indexOf(agent)) * 3 + METHODS.indexOf(skill);
  let kept = SHARED[index];
  if (!kept) {
    kept = {};
    if (command !== 'exact') kept.command = command;
    if (agent !== 'exact') kept.agent = agent;
    if (skill !== 'exact') kept.skill = skill;
    SHARED[index] = kept;
  }
  return kept;
}
