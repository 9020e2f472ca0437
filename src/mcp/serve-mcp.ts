/** Speaks the Model Context Protocol on standard input and output, until the other side hangs up. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { SpanbookError } from '../errors.ts';
import type { Tools } from './tools.ts';

const INSTRUCTIONS =
  'What this pipeline does and did, how long its commands, agents and skills take, what went wrong, and what they ' +
  'cost. Recorded on this machine; nothing can be changed from here.';

export async function serveMcp(tools: Tools, version: string): Promise<void> {
  const server = new Server({ name: 'spanbook', version }, { capabilities: { tools: {} }, instructions: INSTRUCTIONS });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.list().map(tool => ({ ...tool, annotations: { readOnlyHint: true, openWorldHint: false } })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    try {
      return { content: [{ type: 'text', text: await tools.answer(params.name, params.arguments ?? {}) }] };
    } catch (error) {
      // Whoever asked can ask better; anything else is for the terminal.
      if (!(error instanceof SpanbookError)) throw error;
      return { content: [{ type: 'text', text: error.message }], isError: true };
    }
  });
  const transport = new StdioServerTransport();
  const closed = new Promise<void>(resolve => {
    server.onclose = resolve;
    process.stdin.once('end', resolve);
  });
  await server.connect(transport);
  await closed;
  await server.close();
}
