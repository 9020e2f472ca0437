// The OpenTelemetry hook in the two forms that people run: with its packages beside it, and as one bundled file.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { CACHE } from '../places.mjs';

/** @returns the paths of both. They lie where `require` finds the packages of this project. */
export async function buildOtelHook() {
  mkdirSync(CACHE, { recursive: true });
  const common = {
    entryPoints: [fileURLToPath(new URL('otel-hook.mjs', import.meta.url))],
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  };
  const unbundled = `${CACHE}/otel-hook.cjs`;
  const bundled = `${CACHE}/otel-hook-bundled.cjs`;
  await build({ ...common, outfile: unbundled });
  // Without these fields the bundler takes the CommonJS files of the packages, and drops nothing: 5 times the size.
  await build({ ...common, outfile: bundled, bundle: true, minify: true, mainFields: ['module', 'main'] });
  return { unbundled, bundled };
}
