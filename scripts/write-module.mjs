// WebAssembly from wasm/, as text in a module of TypeScript: so it lies in every bundle, and is found from everywhere.
import { writeFileSync } from 'node:fs';
import { main } from 'assemblyscript/asc';

/** The address behind the tables that the module shares with its host. */
const MEMORY_BASE = 65_536;
const PAGES = 6;

export async function writeModule(root) {
  let binary;
  let text;
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'bulk-memory'];
  options.push('--memoryBase', `${MEMORY_BASE}`, '--initialMemory', `${PAGES}`);
  const { error, stderr } = await main(
    [
      'line-fields.ts',
      '--baseDir',
      `${root}wasm`,
      '-o',
      'line-fields.wasm',
      '--textFile',
      'line-fields.wat',
      ...options,
    ],
    {
      writeFile: (name, content) => {
        if (name.endsWith('.wasm')) binary = Buffer.from(content);
        else text = content;
      },
    },
  );
  if (error || !binary) throw new Error(`wasm/line-fields.ts: ${error?.message ?? 'no output'}\n${stderr}`);
  // Its data would lie where the host puts the bytes of files.
  if (/\(data /.test(text)) throw new Error('wasm/line-fields.ts: expected no static data, got some');
  writeFileSync(
    `${root}src/claude-code/line-fields-module.ts`,
    `/** Made of wasm/line-fields.ts by scripts/write-module.mjs. */\nexport const LINE_FIELDS_MODULE =\n  '${binary.toString('base64')}';\n`,
  );
}
