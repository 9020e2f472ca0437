// WebAssembly from wasm/, as text in a module of TypeScript: so it lies in every bundle, and is found from everywhere.
import { writeFileSync } from 'node:fs';
import { main } from 'assemblyscript/asc';

/** The address from which the module may keep its own data; all before is shared with its host. */
const MEMORY_BASE = 65_536;
const PAGES = 6;

export async function writeModule(root) {
  let binary;
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'bulk-memory'];
  options.push('--memoryBase', `${MEMORY_BASE}`, '--initialMemory', `${PAGES}`);
  const { error, stderr } = await main(
    ['line-fields.ts', '--baseDir', `${root}wasm`, '-o', 'line-fields.wasm', ...options],
    {
      writeFile: (name, content) => {
        if (name.endsWith('.wasm')) binary = Buffer.from(content);
      },
    },
  );
  if (error || !binary) throw new Error(`wasm/line-fields.ts: ${error?.message ?? 'no output'}\n${stderr}`);
  const text = binary.toString('base64');
  writeFileSync(
    `${root}src/claude-code/line-fields-module.ts`,
    `/** Made of wasm/line-fields.ts by scripts/write-module.mjs. */\nexport const LINE_FIELDS_MODULE =\n  '${text}';\n`,
  );
}
