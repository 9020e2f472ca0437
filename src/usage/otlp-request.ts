/** What the client tells of a request by OTLP → a billed request. It tells more than transcripts do, and less of the owner. */
import { type BilledRequest, MAIN_AGENT, NO_SKILL } from './billed-request.ts';

/** A log event `claude_code.api_request`. A name that is null is there, but the client keeps it to itself. */
export interface ApiRequestEvent {
  /** The API's id; absent behind some proxies. */
  requestId?: string | undefined;
  /** The client's own id of it. */
  clientRequestId?: string | undefined;
  /** When it was answered, in milliseconds since 1970. */
  at: number;
  model: string;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  /** Both kinds of cache writes. */
  cacheCreationTokens: number;
  /** Of these, for an hour. Absent: the client does not split them. */
  cacheCreation1hTokens?: number | undefined;
  /** By the client's own prices. */
  costUsdMicros?: number | undefined;
  durationMs?: number | undefined;
  session?: string | undefined;
  /** The client's id of the prompt. */
  prompt?: string | undefined;
  /** What asked: `repl_main_thread`, `sdk`, `agent:custom`, `compact`, … */
  querySource?: string | undefined;
  agentName?: string | null | undefined;
  agentId?: string | undefined;
  skillName?: string | null | undefined;
  isFast: boolean;
  /** Number of the event in its process; it begins anew when a session is resumed. */
  eventSequence: number;
}

export interface OtlpRequest {
  request: BilledRequest;
  /** What transcripts call the request too. */
  requestId: string | null;
  /** Id of the prompt, by which its command can be found. */
  prompt: string | null;
  /** What the client thinks that it cost, in millionths of a dollar. */
  costUsdMicros: number | null;
}

/** The request that an event tells of. Its command, project and branch are not known. */
export function otlpRequest(event: ApiRequestEvent): OtlpRequest {
  const hourly = Math.min(event.cacheCreation1hTokens ?? 0, event.cacheCreationTokens);
  const { agent, method } = agentOf(event);
  return {
    request: {
      id: `otlp:${identityOf(event)}`,
      source: 'otlp',
      at: event.at,
      model: event.model,
      tokens: {
        input: event.inputTokens,
        cache_read: event.cacheReadTokens,
        cache_write_5m: event.cacheCreationTokens - hourly,
        cache_write_1h: hourly,
        output: event.outputTokens,
      },
      isFinal: true,
      isFast: event.isFast,
      webSearches: 0,
      owner: {
        session: event.session ?? null,
        project: null,
        branch: null,
        command: null,
        stage: null,
        agent,
        instance: event.agentId ?? null,
        skill: event.skillName === undefined ? NO_SKILL : event.skillName,
      },
      span: null,
      methods: method === 'exact' ? {} : { agent: method },
    },
    requestId: event.requestId ?? null,
    prompt: event.prompt ?? null,
    costUsdMicros: event.costUsdMicros ?? null,
  };
}

export interface PromptCommand {
  /** With its slash; `prompt` for a plain prompt. */
  command: string;
  /** The skill that was typed as this command, if it is one. */
  typedSkill?: string | undefined;
}

/**
 * The request, once it is known which command its prompt was. The client names a custom command as if it were a skill;
 * that is none.
 */
export function withCommand(request: BilledRequest, { command, typedSkill }: PromptCommand): BilledRequest {
  const { skill } = request.owner;
  const slash = command.startsWith('/') && typedSkill === undefined ? command.slice(1) : undefined;
  const isCommand = slash !== undefined && skill !== null && isSame(skill, slash);
  return { ...request, owner: { ...request.owner, command, skill: isCommand ? NO_SKILL : skill } };
}

/** The same for the same event, however often it is sent. */
function identityOf({ requestId, clientRequestId, session, eventSequence, at }: ApiRequestEvent): string {
  return requestId ?? clientRequestId ?? `${session ?? ''}#${eventSequence}@${at}`;
}

function agentOf({ agentName, agentId, querySource }: ApiRequestEvent): {
  agent: string | null;
  method: 'exact' | 'inherited';
} {
  if (typeof agentName === 'string') return { agent: agentName, method: 'exact' };
  const [first, kind, type] = querySource?.split(':') ?? [];
  if (first === 'agent' && kind === 'builtin' && type) return { agent: type, method: 'exact' };
  // Some versions tell neither name nor source inside an agent, so nothing is not the same as none.
  if (agentName === null || agentId !== undefined || first === 'agent' || !querySource) {
    return { agent: null, method: 'exact' };
  }
  const isMain = first === 'repl_main_thread' || first === 'sdk';
  // What the client does for itself, as when it compacts, belongs to the run.
  return { agent: MAIN_AGENT, method: isMain ? 'exact' : 'inherited' };
}

/** Names from plugins may have the plugin before them. */
const isSame = (skill: string, command: string): boolean =>
  skill === command || skill.endsWith(`:${command}`) || command.endsWith(`:${skill}`);
