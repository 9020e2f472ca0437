/** The hook as a plugin of Claude Code, with a marketplace of one, so that the folder can be added as it is. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';

const HOOK = 'hooks/claude-code.cjs';

/**
 * @param {string} dist the folder that is built, with the hook in it
 * @param {Record<string, any>} manifest package.json
 * @param {(program: string) => Map<string, object>} hookGroups what `init` writes too
 */
export function writePlugin(dist, manifest, hookGroups) {
  const folder = `${dist}/plugin`;
  const { name, version, description, homepage, license, keywords } = manifest;
  const owner = { name };
  for (const made of ['.claude-plugin', 'hooks']) mkdirSync(`${folder}/${made}`, { recursive: true });
  const write = (path, value) => writeFileSync(`${folder}/${path}`, `${JSON.stringify(value, null, 2)}\n`);
  // JSON leaves out what package.json does not say.
  const plugin = { name, version, description, author: owner, homepage, license, keywords };
  write('.claude-plugin/plugin.json', plugin);
  write('.claude-plugin/marketplace.json', {
    name,
    owner,
    metadata: { description: `${name}, as its package brings it.` },
    plugins: [{ name, source: './', description }],
  });
  write('hooks/hooks.json', {
    description,
    hooks: Object.fromEntries(
      [...hookGroups(`\${CLAUDE_PLUGIN_ROOT}/${HOOK}`)].map(([event, group]) => [event, [group]]),
    ),
  });
  copyFileSync(`${dist}/${HOOK}`, `${folder}/${HOOK}`);
}
