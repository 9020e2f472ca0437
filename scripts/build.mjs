// Builds dist/: plain tsc for the library, one CommonJS bundle for each hook and for the command line.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const version = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).version;

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.6',
  format: 'cjs',
  // Without it esbuild takes the CommonJS main of the OpenTelemetry packages and can shake nothing out of them.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  define: { SPANBOOK_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};

await build({
  ...shared,
  entryPoints: readdirSync(`${root}hooks`)
    .filter(name => name.endsWith('.ts'))
    .map(name => `hooks/${name}`),
  outdir: 'dist/hooks',
  // Every hook is read anew for every call: its size is time.
  minify: true,
});
// The schemas and zod are three quarters of the bytes, and only commands that find settings load them: a file apart,
// beside the executable.
const schemasApart = {
  name: 'schemas-apart',
  setup: bundle =>
    bundle.onResolve({ filter: /\/edited-files\.ts$/ }, () => ({ path: './schemas.cjs', external: true })),
};
await build({
  ...shared,
  entryPoints: { schemas: 'src/model/edited-files.ts' },
  outdir: 'dist/bin',
  // Every hook is read anew for every call: its size is time.
  minify: true,
});
await build({
  ...shared,
  entryPoints: { spanbook: 'src/cli/main.ts' },
  outdir: 'dist/bin',
  banner: { js: '#!/usr/bin/env node' },
  plugins: [schemasApart],
});
chmodSync(`${root}dist/bin/spanbook.cjs`, 0o755);
