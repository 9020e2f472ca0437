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

/** False: the usage of an activity was told before all of it was known; what came later stands on spans below it. */
export const ATTR_USAGE_COMPLETE = 'spanbook.usage.complete';
/** The start event in `pipeline_progress.json`; `spanbook pipeline show` takes it. */
export const ATTR_EVENT_ID = 'spanbook.event_id';
/** The client's id of the prompt that began a run, and of an agent: not `gen_ai.agent.id`, which names a hosted agent. */
export const ATTR_RUN_ID = 'spanbook.run_id';
export const ATTR_AGENT_RUN = 'spanbook.agent.run_id';
/** True: the client never wrote the final usage of a request, so its output may be too low. */
export const ATTR_USAGE_INCOMPLETE = 'spanbook.usage.incomplete';
/** What the person was waited for: `permission`; and what was decided: `user_temporary`, `user_reject`. */
export const ATTR_WAIT_REASON = 'spanbook.wait.reason';
export const ATTR_WAIT_DECISION = 'spanbook.wait.decision';

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

/** An exception on a span, as OpenTelemetry names its event. */
export const EVENT_EXCEPTION = 'exception';
export const ATTR_EXCEPTION_TYPE = 'exception.type';
export const ATTR_EXCEPTION_MESSAGE = 'exception.message';
/** Branch that was worked on. */
export const ATTR_BRANCH = 'vcs.ref.head.name';
/** Who was called. Newer conventions say `service.peer.name`; Jaeger draws its arrow from this one. */
export const ATTR_PEER_SERVICE = 'peer.service';

/** Of a program that `spanbook exec` runs: `pytest`; its number; what it gave back, 128 and more after a signal. */
export const ATTR_EXECUTABLE = 'process.executable.name';
export const ATTR_PID = 'process.pid';
export const ATTR_EXIT_CODE = 'process.exit.code';

/** GenAI semantic conventions: `invoke_workflow`, `invoke_agent`, `chat`, … */
export const ATTR_OPERATION = 'gen_ai.operation.name';
export const ATTR_WORKFLOW_NAME = 'gen_ai.workflow.name';
export const ATTR_AGENT_NAME = 'gen_ai.agent.name';
export const ATTR_SKILL_NAME = 'gen_ai.skill.name';
/** A conversation that really has an id: the session of a client. */
export const ATTR_CONVERSATION_ID = 'gen_ai.conversation.id';
export const ATTR_TOOL_NAME = 'gen_ai.tool.name';
export const ATTR_TOOL_TYPE = 'gen_ai.tool.type';
export const ATTR_TOOL_CALL_ID = 'gen_ai.tool.call.id';
export const ATTR_RESPONSE_ID = 'gen_ai.response.id';
export const ATTR_FINISH_REASONS = 'gen_ai.response.finish_reasons';
export const ATTR_PROVIDER = 'gen_ai.provider.name';
export const ATTR_REQUEST_MODEL = 'gen_ai.request.model';
export const ATTR_RESPONSE_MODEL = 'gen_ai.response.model';
/** All input tokens, cached ones included. */
export const ATTR_INPUT_TOKENS = 'gen_ai.usage.input_tokens';
export const ATTR_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens';
export const ATTR_CACHE_READ_TOKENS = 'gen_ai.usage.cache_read.input_tokens';
/** Newer conventions say `cache_write`; backends still read this one. */
export const ATTR_CACHE_CREATION_TOKENS = 'gen_ai.usage.cache_creation.input_tokens';
