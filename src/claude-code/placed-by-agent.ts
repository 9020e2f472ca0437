/** A request of an agent that went on in another session, as after `/clear`: placed by the session that it began in. Pure. */
import { type BilledRequest, NO_SKILL } from '../usage/billed-request.ts';
import { type PackedSession, unpackSession } from './usage-state.ts';

/** `sessions`: where each stands, by folder and id. The request itself if no other session knows its agent. */
export function placedByAgent(request: BilledRequest, sessions: ReadonlyMap<string, string>): BilledRequest {
  const { command, instance, session } = request.owner;
  if (command !== null || instance === null) return request;
  for (const [key, text] of sessions) {
    // Parsing all of them would take longer than the reading.
    if (key.endsWith(`/${session}`) || !text.includes(`"${instance}"`)) continue;
    const agent = unpackSession(JSON.parse(text) as PackedSession).agents.get(instance);
    if (!agent?.run) continue;
    const { run, span, type, inherited } = agent;
    const isOfCaller = inherited !== undefined && request.owner.skill === NO_SKILL;
    const owner = {
      ...request.owner,
      command: run.command,
      agent: type ?? request.owner.agent,
      skill: isOfCaller ? inherited.name : request.owner.skill,
    };
    const methods: BilledRequest['methods'] = { ...request.methods, command: 'inherited' };
    if (isOfCaller) methods.skill = 'inherited';
    return { ...request, owner, methods, span };
  }
  return request;
}
