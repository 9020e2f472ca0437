// Writes config/schemas/*.schema.json and openapi.json from the zod schemas; with --check it only says whether they are current.
// Needs dist/ (npm run build).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { documentedSchemas } = await import('../dist/src/model/documented-schemas.js');
const { openApi } = await import('../dist/src/dashboard/schemas/openapi.js');
const { COMMANDS } = await import('../dist/src/cli/run-cli.js');
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const folder = `${root}config/schemas`;
mkdirSync(folder, { recursive: true });

let stale = 0;
const files = Object.entries(documentedSchemas()).map(([name, schema]) => [`${name}.schema.json`, schema]);
files.push(['openapi.json', openApi(COMMANDS, version)]);
for (const [name, schema] of files) {
  const path = `${folder}/${name}`;
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
    continue;
  }
  let present = '';
  try {
    present = readFileSync(path, 'utf8');
  } catch {
    // Absent is stale too.
  }
  if (present === text) continue;
  stale++;
  console.error(`${path} is not what the zod schema says; run: node scripts/schemas.mjs`);
}
process.exitCode = stale > 0 ? 1 : 0;
