/**
 * Which command, agent and skill a request belongs to: by the client's own stamps and ids first, by structure second.
 *
 * The client stamps a request with the skill that was called last. The stamp begins after the call, names a custom
 * command as if it were a skill, is inherited by agents, and is lost when an agent in the background reports. Where it
 * says nothing or names the command, the structure says what a person would: a skill is at work until its owner calls
 * the next one, or is over.
 */
import { runSpan as spanOfRun } from '../model/owner.ts';
import { type BilledRequest, MAIN_AGENT, METHODS, type Method, NO_SKILL, type Owner } from '../usage/billed-request.ts';
import type { Answer } from './answer.ts';
import { name } from './payload.ts';
import type { AgentState, Run, WorkingSkill } from './usage-state.ts';

export interface RequestOwner {
  owner: Pick<Owner, 'command' | 'agent' | 'instance' | 'skill'>;
  /** Of the innermost activity. */
  span: string | null;
  methods: BilledRequest['methods'];
}

/** `run`: the one that goes on in the main transcript; null before the first prompt. */
export function ownerInMain(answer: Answer, run: Run | null): RequestOwner {
  if (answer.isSidechain) return ownerInSidechain(answer, run);
  const told = toldSkill(answer, run);
  const skill = foundSkill({ told, own: run?.skill, around: run?.typedSkill, method: told ? 'exact' : 'inherited' });
  return {
    owner: { command: run?.command ?? null, agent: MAIN_AGENT, instance: null, skill: skill.name },
    span: skill.span ?? (run ? runSpan(run.key) : null),
    methods: methodsOf({ skill: skill.method }),
  };
}

/**
 * Older clients wrote what agents did into the main transcript, without saying which agent it was. Their caller waited,
 * so what is at work there is what was when they were called.
 */
function ownerInSidechain(answer: Answer, run: Run | null): RequestOwner {
  const around = run?.skill?.name ?? run?.typedSkill;
  const skill = foundSkill({ told: toldSkill(answer, run), around, method: 'inherited' });
  const agent = stampOf(answer.agentStamp) ?? null;
  return {
    owner: { command: run?.command ?? null, agent, instance: answer.agent ?? null, skill: skill.name },
    span: run ? runSpan(run.key) : null,
    methods: methodsOf({ skill: skill.method }),
  };
}

export interface AgentRequest {
  id: string;
  agent: AgentState;
  /** What the client does for itself has a transcript too, as when it compacts: it belongs to the run. */
  isInternal: boolean;
}

export function ownerInAgent(answer: Answer, { id, agent, isInternal }: AgentRequest): RequestOwner {
  const { run, method } = agent;
  const type = stampOf(answer.agentStamp) ?? agent.type;
  const around = agent.inherited?.name ?? run?.typedSkill;
  const skill = foundSkill({ told: toldSkill(answer, run), own: agent.skill, around, method: 'inherited' });
  // What is not known is not known in any way.
  const command = run === null || method === 'exact' ? undefined : method;
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

let lastRun: string | null = null;
let lastSpan = '';

/** The requests of a run come one after the other, and hashing its key takes longer than all else here. */
function runSpan(run: string): string {
  if (run !== lastRun) {
    lastSpan = spanOfRun(run);
    lastRun = run;
  }
  return lastSpan;
}

const stampOf = (stamp: string | undefined): string | undefined => (stamp ? name(stamp, '') : undefined);

/** The skill that the client names; undefined if it names none, or names a custom command as if it were one. */
function toldSkill({ skillStamp }: Answer, run: Run | null): string | undefined {
  const stamp = stampOf(skillStamp);
  const isCommand = stamp !== undefined && run?.typedSkill === undefined && isSame(stamp, run?.command.slice(1));
  return isCommand ? undefined : stamp;
}

interface SkillSources {
  told: string | undefined;
  /** The one that this owner has called itself. */
  own?: WorkingSkill | undefined;
  /** The one that was typed, or that was at work where the owner was called. */
  around: string | undefined;
  /** How that is known. */
  method: Method;
}

interface FoundSkill {
  name: string;
  /** Only if it is the owner's own: what an agent does for the skill of its caller is in the agent. */
  span: string | null;
  method: Method;
}

function foundSkill({ told, own, around, method }: SkillSources): FoundSkill {
  if (own && isSame(own.name, told)) return { name: own.name, span: own.span, method: 'exact' };
  const isAround = isSame(told ?? '', around);
  // Agents keep the stamp of their caller, whatever they call themselves.
  if (own && (told === undefined || isAround)) return { name: own.name, span: own.span, method: 'inherited' };
  if (told !== undefined && !isAround) return { name: told, span: null, method: 'exact' };
  return around === undefined ? { name: NO_SKILL, span: null, method: 'exact' } : { name: around, span: null, method };
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
