/** The tools as an agent sees them: the protocol's own client, and the built executable. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { makeState, start } from '../helpers/run-cli.ts';
import { ROOT } from '../helpers/run-program.ts';

async function connect(stateDir: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [`${ROOT}dist/bin/spanbook.cjs`, 'mcp', '--state-dir', stateDir],
    env: { PATH: process.env.PATH ?? '', HOME: stateDir, CLAUDE_CONFIG_DIR: `${ROOT}examples/recorded-session` },
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

async function ask(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const [part] = content as { text: string }[];
  return { text: part?.text ?? '', isError: isError === true };
}

describe('spanbook mcp', () => {
  it('offers questions alone, each with what it takes', async () => {
    const { tools } = await (await connect(makeState([start(1)]))).listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['pipeline_status', 'pipeline_bottlenecks', 'usage_totals', 'usage_breakdown']),
    );
    for (const { name, description, annotations, inputSchema } of tools) {
      expect([name, annotations?.readOnlyHint, description]).toEqual([name, true, expect.stringMatching(/^[A-Z]/)]);
      expect(Object.keys(inputSchema.properties ?? {})).not.toContain('claude_dir');
    }
  });

  it('says what a session cost, and where its time went', async () => {
    const client = await connect(makeState(recordedFacts()));
    const totals = JSON.parse((await ask(client, 'usage_totals')).text);
    expect(totals.totals).toMatchObject({ total_cost: 0.08316, requests: 15 });
    const breakdown = JSON.parse((await ask(client, 'usage_breakdown', { by: 'command' })).text);
    expect(breakdown.rows[0]).toMatchObject({ key: '/fanout', cost: 0.044712 });
    const { run } = JSON.parse((await ask(client, 'pipeline_bottlenecks')).text);
    expect(run).toMatchObject({ name: 'prompt', has_leaves: true });
    const tree = JSON.parse((await ask(client, 'pipeline_hierarchy', { last: 1 })).text);
    expect(tree.roots).toHaveLength(1);
  });

  it.each([
    ['usage_daily', { days: 'many' }, 'days: Expected'],
    ['usage_totals', { colour: 'red' }, 'colour: expected one of'],
    ['monitor_stop', {}, 'tool: expected one of pipeline_status'],
  ])('says to whoever asks %s wrongly what it expected', async (name, args, words) => {
    const answer = await ask(await connect(makeState([start(1)])), name, args);
    expect(answer).toEqual({ isError: true, text: expect.stringContaining(words) });
  });

  it('gives no answer that is too long to read, and says how to narrow it', async () => {
    const facts = Array.from({ length: 400 }, (_, index) => start(index + 1, { name: `/${'x'.repeat(200)}` }));
    const client = await connect(makeState(facts));
    const answer = await ask(client, 'pipeline_hierarchy', { last: 400 });
    expect(answer).toEqual({
      isError: true,
      text: expect.stringMatching(/at most 60000 characters.*Narrow it by event_id, last/),
    });
    expect((await ask(client, 'pipeline_hierarchy')).isError).toBe(false);
  });
});
