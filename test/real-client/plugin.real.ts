/** The plugin in place of the settings: the client takes it for valid, and what it records is the same. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../helpers/run-program.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';
import { agent, bash, skill } from './calls.ts';
import { eachClient, type InstalledClient } from './each-client.ts';
import { hookTraces, SILENT } from './hook-traces.ts';
import type { Project } from './project.ts';
import { documentOf, hookFailures } from './recorded.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

const PLUGIN = `${ROOT}dist/plugin`;

const scripts = () => ({
  build: [{ calls: [skill('test-writer'), agent('builder', 'one')] }, { text: 'end' }],
  one: [{ calls: [bash('exit 1')] }, { text: 'one is done' }],
});

eachClient('plugin', client => {
  const command = (project: Project, ...args: string[]): string =>
    execFileSync(client.path, ['plugin', ...args], {
      cwd: project.folder,
      env: { PATH: process.env.PATH, HOME: project.home, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });

  it.each(['', '/.claude-plugin/plugin.json', '/.claude-plugin/marketplace.json'])('is valid: %s', async path => {
    const { project } = await stageWith(client, 'none');
    expect(command(project, 'validate', '--strict', `${PLUGIN}${path}`)).toContain('Validation passed');
  });

  describe('records what the hooks of the settings record', () => {
    let bySettings: Recorded;
    beforeAll(async () => {
      const stage = await openStage({ client, scripts, hooks: 'ours' });
      try {
        await stage.run('/build it');
        bySettings = recordedIn(stage);
      } finally {
        await stage.close();
      }
    });

    it('for one run, with --plugin-dir', async () => {
      const stage = await stageWith(client, 'none');
      await stage.run('/build it', '--plugin-dir', PLUGIN);
      expect(recordedIn(stage)).toEqual(bySettings);
    });

    it('from its marketplace, in the folder of an installed package', async () => {
      let installed = '';
      const stage = await stageWith(client, project => {
        const folder = `${project.home}/node_modules/spanbook/dist/plugin`;
        cpSync(PLUGIN, folder, { recursive: true });
        command(project, 'marketplace', 'add', folder);
        installed = command(project, 'install', 'spanbook@spanbook');
      });
      expect(installed).toContain('Successfully installed plugin');
      await stage.run('/build it');
      expect(recordedIn(stage)).toEqual(bySettings);
    });
  });
});

async function stageWith(client: InstalledClient, hooks: StageOptions['hooks']): Promise<Stage> {
  const stage = await openStage({ client, scripts, hooks });
  onTestFinished(() => stage.close());
  return stage;
}

interface Recorded {
  tree: string[];
  kinds: string[];
}

/** What lies in the state folder of the project: nothing may be open, failed or heard of. */
function recordedIn({ project }: Stage): Recorded {
  const document = documentOf(project);
  expect(document.active_activities).toEqual([]);
  expect(hookFailures(project)).toBe('');
  // Newer clients note the command as it is written, and that of a plugin is another.
  for (const { commands: _, ...trace } of hookTraces(project)) {
    const { commands: __, ...silent } = SILENT;
    expect(trace).toEqual(silent);
  }
  expect(existsSync(`${project.home}/.local/state/spanbook`)).toBe(false);
  const tree = outline(treeOf(document));
  expect(tree).toContain('  skill test-writer completed');
  return { tree, kinds: document.events.map(({ event_type }) => event_type).sort() };
}
