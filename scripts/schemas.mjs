// Writes config/schemas/*.schema.json from the zod schemas; with --check it only says whether they are current.
// Needs dist/ (npm run build).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { documentedSchemas } = await import('../dist/src/model/documented-schemas.js');
const folder = `${root}config/schemas`;
mkdirSync(folder, { recursive: true });

let stale = 0;
for (const [name, schema] of Object.entries(documentedSchemas())) {
  const path = `${folder}/${name}.schema.json`;
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
