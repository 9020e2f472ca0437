/** Attribute keys of spans and span events, each with its meaning. GenAI keys are copied here because their package marks them unstable. */

/** `command`, `agent`, `skill` or `checkpoint`: makes a span an activity of spanbook. */
export const ATTR_LEVEL = 'spanbook.level';
/** Name of the activity, without the operation: `/deploy`, `builder`. */
export const ATTR_NAME = 'spanbook.name';
/** What the activity is for, in one sentence. */
export const ATTR_INTENT = 'spanbook.intent';
/** Stage of the pipeline: `discovery`, `prototype`. */
export const ATTR_STAGE = 'spanbook.stage';
/** Name of the system that the pipeline works on. */
export const ATTR_SYSTEM = 'spanbook.system_name';
/** Short label that tells activities of one name apart. */
export const ATTR_LABEL = 'spanbook.label';
/** What the activity made, as JSON text: `{"files_created":10}`. */
export const ATTR_OUTPUTS = 'spanbook.outputs';
/** Span id of the nearest ancestor that is an activity, where the direct parent is none. */
export const ATTR_PARENT_SPAN = 'spanbook.parent_span_id';
/** `completed`, `failed` or `cancelled`, where the span status says less. */
export const ATTR_STATUS = 'spanbook.status';
/** Tokens written to the cache for five minutes, for one hour; OpenTelemetry knows only their sum. */
export const ATTR_CACHE_WRITE_5M = 'spanbook.usage.cache_write_5m_tokens';
export const ATTR_CACHE_WRITE_1H = 'spanbook.usage.cache_write_1h_tokens';
/** What a request costs beside its tokens: searches of the web, the faster answer, the place of inference. */
export const ATTR_WEB_SEARCHES = 'spanbook.usage.web_searches';
export const ATTR_FAST = 'spanbook.usage.fast';
export const ATTR_GEO = 'spanbook.usage.geo';
/** List price of a request, a whole number of nano-dollars; absent if its price is not known. */
export const ATTR_COST = 'spanbook.cost.nanousd';
/** What an activity used, before `.input_tokens` and the like: of the requests directly inside; with all below. */
export const ATTR_USAGE_SELF = 'spanbook.usage.self';
export const ATTR_USAGE_TOTAL = 'spanbook.usage.total';
/** The total for people: `2 requests, 12.3K tokens in, 890 out, $0.0327, 1 agent`. */
export const ATTR_SUMMARY = 'spanbook.summary';

/** Span events that become errors, warnings and messages of the document. */
export const EVENT_ERROR = 'spanbook.error';
export const EVENT_WARNING = 'spanbook.warning';
export const EVENT_INFO = 'spanbook.info';
/** On those events: `ValidationError`; the text; `low` to `critical`; JSON text such as `{"action":"skip"}`. */
export const ATTR_NOTE_TYPE = 'spanbook.note.type';
export const ATTR_NOTE_MESSAGE = 'spanbook.note.message';
export const ATTR_NOTE_SEVERITY = 'spanbook.note.severity';
export const ATTR_NOTE_RECOVERY = 'spanbook.note.recovery';

/** The session that a span belongs to; on every span. */
export const ATTR_SESSION_ID = 'session.id';
/** Class of the failure of a span: `TypeError`, `timeout`. */
export const ATTR_ERROR_TYPE = 'error.type';

/** GenAI semantic conventions: `invoke_workflow`, `invoke_agent`, `chat`, … */
export const ATTR_OPERATION = 'gen_ai.operation.name';
export const ATTR_WORKFLOW_NAME = 'gen_ai.workflow.name';
export const ATTR_AGENT_NAME = 'gen_ai.agent.name';
export const ATTR_SKILL_NAME = 'gen_ai.skill.name';
export const ATTR_PROVIDER = 'gen_ai.provider.name';
export const ATTR_REQUEST_MODEL = 'gen_ai.request.model';
export const ATTR_RESPONSE_MODEL = 'gen_ai.response.model';
/** All input tokens, cached ones included. */
export const ATTR_INPUT_TOKENS = 'gen_ai.usage.input_tokens';
export const ATTR_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens';
export const ATTR_CACHE_READ_TOKENS = 'gen_ai.usage.cache_read.input_tokens';
/** Newer conventions say `cache_write`; backends still read this one. */
export const ATTR_CACHE_CREATION_TOKENS = 'gen_ai.usage.cache_creation.input_tokens';
