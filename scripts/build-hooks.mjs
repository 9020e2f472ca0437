// Bundles that are read anew for every call: there the size of the code is time, and so is each function that the
// engine compiles. docs/decisions/0028-hooks-are-compiled-in-part.md has the measurements.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import ts from 'typescript';

/**
 * Modules that few calls need. Their code lies in the bundle as text, which the engine passes over quicker than code,
 * and is compiled when one of their functions is called. They may export functions only.
 */
const LATE = [
  'src/claude-code/git-branch.ts',
  'src/hook/report-failure.ts',
  'src/hook/unreadable-input.ts',
  'src/journal/make-folder.ts',
  'src/journal/sync-name.ts',
  'src/model/redact.ts',
  'src/store/hook-refresh.ts',
  'src/store/make-state-dir.ts',
  'src/store/process-identity.ts',
  'src/store/refresh-document.ts',
];

/** An esbuild plugin. `options`: those of the bundle. `part`: the module that is being made a text of, if any. */
const compiledWhenCalled = (bundle, options, part) => ({
  name: 'compiled-when-called',
  setup: build => {
    build.onLoad(
      { filter: new RegExp(`/(${LATE.map(path => basename(path, '.ts')).join('|')})\\.ts$`) },
      async ({ path }) => {
        if (path === part || !LATE.some(late => path.endsWith(`/${late}`))) return null;
        const shared = { ...options, entryPoints: [path], write: false, metafile: true };
        const text = await bundle({ ...shared, plugins: [compiledWhenCalled(bundle, options, path)] });
        const { metafile } = await bundle({ ...shared, format: 'esm' });
        const names = Object.values(metafile.outputs)[0].exports;
        return {
          contents: `
          const late = { code() { return ${JSON.stringify(text.outputFiles[0].text)}; } };
          let loaded;
          function load() {
            if (!loaded) new Function('module', 'require', late.code())((loaded = { exports: {} }), require);
            return loaded.exports;
          }
          ${names.map(name => `export function ${name}(...args) { return load().${name}(...args); }`).join('\n')}`,
        };
      },
    );
  },
});

export { compiledWhenCalled, readdirSync, readFileSync, ts, writeFileSync };
