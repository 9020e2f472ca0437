/** The plugin for Claude Code that the build makes: what it says of itself, and that it is what `init` installs. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hookGroups } from '../src/claude-code/hook-entries.ts';
import { ROOT } from './helpers/run-program.ts';

const PLUGIN = `${ROOT}dist/plugin`;
const readJson = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8'));
const manifest = readJson(`${ROOT}package.json`);

it('holds nothing but its manifests and the hook', () => {
  const files = readdirSync(PLUGIN, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  expect(files.map(entry => `${entry.parentPath}/${entry.name}`.slice(PLUGIN.length + 1)).sort()).toEqual([
    '.claude-plugin/marketplace.json',
    '.claude-plugin/plugin.json',
    'hooks/claude-code.cjs',
    'hooks/hooks.json',
  ]);
});

it('says of itself what the package says', () => {
  const { name, version, description, license, keywords, homepage } = manifest;
  const author = { name: 'spanbook' };
  const plugin = { name, version, description, author, license, keywords, ...(homepage ? { homepage } : {}) };
  expect(readJson(`${PLUGIN}/.claude-plugin/plugin.json`)).toEqual(plugin);
});

it('is the one plugin of its marketplace', () => {
  expect(readJson(`${PLUGIN}/.claude-plugin/marketplace.json`)).toMatchObject({
    name: 'spanbook',
    plugins: [{ name: 'spanbook', source: './' }],
  });
});

it('has the entries that init writes, with its own program', () => {
  const groups = hookGroups(`\${CLAUDE_PLUGIN_ROOT}/hooks/claude-code.cjs`);
  expect(readJson(`${PLUGIN}/hooks/hooks.json`).hooks).toEqual(
    Object.fromEntries([...groups].map(([event, group]) => [event, [group]])),
  );
});

it('has the hook of the package, byte for byte', () => {
  const [copied, built] = [PLUGIN, `${ROOT}dist`].map(folder => readFileSync(`${folder}/hooks/claude-code.cjs`));
  expect(copied?.equals(built ?? Buffer.of())).toBe(true);
});

it('is in the package', () => {
  expect(manifest.files).toContain('dist');
});
