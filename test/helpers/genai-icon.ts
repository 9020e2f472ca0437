/** How the user interface of Jaeger (2.20) tells what a span is, by the rules in its sources, written down anew. */
import { attribute, type SinkSpan } from './otlp-sink.ts';

export type GenAiIcon = 'LLM call' | 'MCP Tool call' | 'AI Agent' | 'Retrieval' | 'GenAI span' | null;

const ICONS: Record<string, GenAiIcon> = {
  chat: 'LLM call',
  text_completion: 'LLM call',
  generate_content: 'LLM call',
  embeddings: 'LLM call',
  execute_tool: 'MCP Tool call',
  invoke_agent: 'AI Agent',
  create_agent: 'AI Agent',
  invoke_workflow: 'AI Agent',
  retrieval: 'Retrieval',
};

export function genAiIcon(span: SinkSpan): GenAiIcon {
  const isGenAi = span.attributes.some(({ key }) => key.startsWith('gen_ai.') && key !== 'gen_ai.tool.call.id');
  if (!isGenAi) return null;
  const known = ICONS[String(attribute(span, 'gen_ai.operation.name'))];
  if (known) return known;
  return attribute(span, 'gen_ai.tool.name') === undefined ? 'GenAI span' : 'MCP Tool call';
}
