/** The counterproof: hooks that speak or fail are found by the very checks that find nothing of ours. */
import { expect, it, onTestFinished } from 'vitest';
import { eachClient, type InstalledClient } from './each-client.ts';
import { hookTraces } from './hook-traces.ts';
import { setHooks } from './project.ts';
import { openStage, type Stage } from './stage.ts';

async function runWith(client: InstalledClient, script: string): Promise<Stage> {
  const stage = await openStage({
    client,
    scripts: () => ({ build: [{ text: 'end' }] }),
    hooks: ({ folder }) => setHooks(folder, { type: 'command', command: 'node', args: ['-e', script], timeout: 5 }),
  });
  onTestFinished(() => stage.close());
  await stage.run('/build it');
  return stage;
}

eachClient('loud hooks', client => {
  it('that print are told to the model', async () => {
    const { api, project } = await runWith(client, "console.log('heard of hooks/spanbook')");
    expect(api.requests.filter(body => body.includes('hooks/spanbook'))).not.toEqual([]);
    expect(hookTraces(project).filter(({ subtype }) => subtype === 'other')).not.toEqual([]);
  });

  it('that fail are noted', async () => {
    const { project } = await runWith(client, "console.error('heard too'); process.exitCode = 1");
    const loud = hookTraces(project).filter(({ errors }) => !Array.isArray(errors) || errors.length > 0);
    expect(loud).not.toEqual([]);
  });
});
