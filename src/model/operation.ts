/** Which spans are activities, and how each level is named in traces. */
import {
  ATTR_AGENT_NAME,
  ATTR_LEVEL,
  ATTR_NAME,
  ATTR_OPERATION,
  ATTR_SKILL_NAME,
  ATTR_WORKFLOW_NAME,
} from '../attributes.ts';
import { ACTIVITY_LEVELS, type ActivityLevel } from './fact.ts';

/** Attributes of a span, whoever made it. */
export type SpanAttributes = Readonly<Record<string, unknown>>;

interface Operation {
  /** First word of the span name. */
  readonly verb: string;
  readonly operation?: string;
  readonly nameKey?: string;
}

const OPERATIONS: Record<ActivityLevel, Operation> = {
  command: { verb: 'invoke_workflow', operation: 'invoke_workflow', nameKey: ATTR_WORKFLOW_NAME },
  agent: { verb: 'invoke_agent', operation: 'invoke_agent', nameKey: ATTR_AGENT_NAME },
  skill: { verb: 'skill', operation: 'invoke_skill', nameKey: ATTR_SKILL_NAME },
  checkpoint: { verb: 'checkpoint' },
};

/** Operations that bill tokens. */
const REQUESTS = ['chat', 'text_completion', 'generate_content', 'embeddings'];

export const spanName = (level: ActivityLevel, name: string): string => `${OPERATIONS[level].verb} ${name}`;

/** The attributes that make a span an activity, here and in every backend that knows the GenAI conventions. */
export function identityAttributes(level: ActivityLevel, name: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  addIdentity(attributes, level, name);
  return attributes;
}

/** The same, added to others. */
export function addIdentity(attributes: Record<string, unknown>, level: ActivityLevel, name: string): void {
  const { operation, nameKey } = OPERATIONS[level];
  attributes[ATTR_LEVEL] = level;
  attributes[ATTR_NAME] = name;
  if (operation !== undefined) attributes[ATTR_OPERATION] = operation;
  if (nameKey !== undefined) attributes[nameKey] = name;
}

/** The level of a span by its attributes: spanbook's own first, then GenAI; null if it is no activity. */
export function levelOf(attributes: SpanAttributes): ActivityLevel | null {
  const own = attributes[ATTR_LEVEL];
  if (own !== undefined) return ACTIVITY_LEVELS.find(level => level === own) ?? null;
  const operation = attributes[ATTR_OPERATION];
  if (operation === undefined) return null;
  return ACTIVITY_LEVELS.find(level => OPERATIONS[level].operation === operation) ?? null;
}

/** True for a span that stands for one billed model request. */
export const isRequest = (attributes: SpanAttributes): boolean => REQUESTS.includes(String(attributes[ATTR_OPERATION]));

/** Name of the activity that a span is: from its attributes, else from the span name behind the operation. */
export function nameOf(level: ActivityLevel, name: string, attributes: SpanAttributes): string {
  const { verb, nameKey } = OPERATIONS[level];
  const given = attributes[ATTR_NAME] ?? (nameKey === undefined ? undefined : attributes[nameKey]);
  if (typeof given === 'string' && given !== '') return given;
  return name.startsWith(`${verb} `) ? name.slice(verb.length + 1) : name;
}
