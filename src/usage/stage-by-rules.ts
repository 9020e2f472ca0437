/** The stage of a request by the rules of the settings: that of the innermost activity that has one. Pure. */
import { type StageRules, stageOf } from '../model/stage-rules.ts';
import { type BilledRequest, MAIN_AGENT, type Method, NO_SKILL } from './billed-request.ts';

export interface FoundStage {
  stage: string | null;
  method: Method;
}

type Owned = Pick<BilledRequest, 'owner' | 'methods'>;

const NONE: FoundStage = { stage: null, method: 'exact' };

/** Gives the same answer for requests of the same owner, and is asked for each of them: it remembers. */
export function stagesByRules(rules: StageRules): (request: Owned) => FoundStage {
  if (rules.length === 0) return () => NONE;
  const known = new Map<string, FoundStage>();
  return request => {
    const names = activitiesAround(request);
    const key = names.join('\n');
    let found = known.get(key);
    if (!found) {
      found = lookUp(rules, names);
      known.set(key, found);
    }
    return found;
  };
}

function lookUp(rules: StageRules, names: readonly string[]): FoundStage {
  for (const [index, name] of names.entries()) {
    const stage = stageOf(rules, name);
    if (stage !== undefined) return { stage, method: index === 0 ? 'exact' : 'inherited' };
  }
  return NONE;
}

/** Names of the activities around a request, the innermost first. */
function activitiesAround({ owner, methods }: Owned): string[] {
  const agent = owner.agent === MAIN_AGENT ? null : owner.agent;
  const skill = owner.skill === NO_SKILL ? null : owner.skill;
  // The skill of a caller is around the agent.
  const inner = methods.skill === 'inherited' && agent !== null ? [agent, skill] : [skill, agent];
  return [...inner, owner.command].filter(name => name !== null);
}
