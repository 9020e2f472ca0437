// Builds dist/: plain tsc for the library, one CommonJS bundle for each hook and for the command line.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { buildPage } from './build-page.mjs';
import { buildQuick } from './build-quick.mjs';
import { writeModule } from './write-module.mjs';
import { writeNotices } from './write-notices.mjs';
import { writePlugin } from './write-plugin.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

rmSync(`${root}dist`, { recursive: true, force: true });
await writeModule(root);
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});

// The font of PDF reports.
const roboto = `${root}node_modules/pdfmake/fonts/Roboto`;
mkdirSync(`${root}dist/bin/fonts`, { recursive: true });
for (const name of ['Roboto-Regular.ttf', 'Roboto-Medium.ttf'])
  copyFileSync(`${roboto}/${name}`, `${root}dist/bin/fonts/${name}`);

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.6',
  format: 'cjs',
  // Without it esbuild takes the CommonJS main of the OpenTelemetry packages and can shake nothing out of them.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  // A part that is loaded later is required: the loader of modules takes as long to start as Node.js itself.
  supported: { 'dynamic-import': false },
  define: { SPANBOOK_VERSION: JSON.stringify(manifest.version) },
  logLevel: 'warning',
};

const metafiles = [];
const build = async options => {
  const result = await bundle({ ...options, metafile: true });
  metafiles.push(result.metafile);
  return result;
};

// Hooks are processes of a few milliseconds.
const hooks = readdirSync(`${root}hooks`).map(name => name.slice(0, -'.ts'.length));
await buildQuick(
  build,
  {
    ...shared,
    entryPoints: Object.fromEntries(hooks.map(name => [name, `hooks/${name}.ts`])),
    outdir: `${root}dist/hooks`,
  },
  {
    always: [
      'src/claude-code/hook-fact.ts',
      'src/claude-code/payload.ts',
      'src/hook/client-hook.ts',
      'src/hook/flags.ts',
      'src/hook/input-piece.ts',
      'src/hook/read-input.ts',
      'src/hook/run-hook.ts',
      'src/hook/script-facts.ts',
      'src/journal/append-fact.ts',
      'src/journal/numbered-files.ts',
      'src/journal/plain-file.ts',
      'src/journal/segments.ts',
      'src/model/ids.ts',
      'src/model/limit-text.ts',
      'src/store/heartbeat.ts',
      'src/store/read-settings.ts',
      'src/store/state-dir.ts',
    ],
    seldom: [
      'src/claude-code/git-branch.ts',
      'src/claude-code/label.ts',
      'src/claude-code/prompt-origin.ts',
      'src/hook/read-long-input.ts',
      'src/hook/report-failure.ts',
      'src/hook/unreadable-input.ts',
      'src/journal/make-folder.ts',
      'src/journal/sync-name.ts',
      'src/model/redact.ts',
      'src/model/stage-rules.ts',
      'src/store/hook-refresh.ts',
      'src/store/make-state-dir.ts',
      'src/store/process-identity.ts',
      'src/store/refresh-document.ts',
      'src/store/settings-in.ts',
      'src/store/whose-folder.ts',
    ],
  },
);
const { hookGroups } = await import('../dist/src/claude-code/hook-entries.js');
writePlugin(`${root}dist`, manifest, hookGroups);
// The schemas and zod are three quarters of the bytes, and only commands that find settings load them; time zones are
// loaded when one is asked for, mail when one is sent, the parser where a call is not as it should be, and
// what reads and keeps usage where there is news. Files apart, beside the executable.
const APART = {
  schemas: 'src/store/check-edited-file.ts',
  zones: 'src/zone-clock.ts',
  mail: 'src/monitor/notify/mail-transport.ts',
  parser: 'src/cli/command-parser.ts',
  reading: 'src/usage-update.ts',
  keeping: 'src/keep-usage.ts',
  relaying: 'src/open-relay.ts',
  verifying: 'src/verify-traces.ts',
  'report-charts': 'src/report/draw-charts.ts',
  'report-pdf': 'src/report/render-pdf.ts',
  'report-xlsx': 'src/report/render-xlsx.ts',
};
// Commander can start programs, which no command here makes use of, and the module takes long to load.
const startsNothing = {
  name: 'starts-nothing',
  setup: bundle => {
    bundle.onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      importer.includes('/commander/') ? { path, namespace: 'unused' } : null,
    );
    bundle.onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: '' }));
  },
};
// A font may be packed with Brotli; ours are not, and the unpacker would be half of the part for PDF.
const unpacksNothing = {
  name: 'unpacks-nothing',
  setup: bundle => {
    bundle.onResolve({ filter: /^brotli\/decompress/ }, ({ path }) => ({ path, namespace: 'unused-brotli' }));
    bundle.onLoad({ filter: /./, namespace: 'unused-brotli' }, () => ({ contents: 'module.exports = undefined;' }));
  },
};
const partsApart = {
  name: 'parts-apart',
  setup: bundle => {
    for (const [name, source] of Object.entries(APART)) {
      const filter = new RegExp(`/${source.split('/').at(-1).replace('.', '\\.')}$`);
      bundle.onResolve({ filter }, () => ({ path: `./${name}.cjs`, external: true }));
    }
  },
};
await build({
  ...shared,
  // Threads of large scans have a file of their own too.
  entryPoints: { ...APART, 'scan-worker': 'src/claude-code/scan-worker.ts' },
  outdir: 'dist/bin',
  minify: true,
  plugins: [startsNothing, unpacksNothing],
});
// A command loads its own part of the code: reading all of it would take longer than most answers.
const PARTS = [
  ['analysis', /^analysis-/],
  ['reconcile', /^usage-reconcile/],
  ['limits', /^usage-(alerts|report|trend)/],
  ['totals', /^usage-totals/],
  ['periods', /^usage-(hourly|daily)/],
  ['usage', /^(usage|attribution)-/],
  ['monitor', /^(monitor|alerts|statusline)/],
  ['manage', /^(init|uninstall|doctor|import|prune)/],
  ['program', /^exec/],
  ['watch', /^watch/],
  ['dashboard', /^dashboard/],
  ['mcp', /^mcp/],
  ['report', /^report/],
  ['pipeline', /./],
];
const commandsFolder = `${root}src/cli/commands`;
const commands = readdirSync(commandsFolder)
  .filter(name => name.endsWith('.ts'))
  .map(name => name.slice(0, -'.ts'.length));
const partOf = name => PARTS.find(([, pattern]) => pattern.test(name))[0];
const exportName = name => name.replace(/\W/g, '_');
const commandsApart = {
  name: 'commands-apart',
  setup: bundle => {
    bundle.onResolve({ filter: /^\.\/commands\/[^/]+\.ts$/ }, ({ path }) => ({
      path: path.slice('./commands/'.length, -'.ts'.length),
      namespace: 'commands-apart',
    }));
    bundle.onLoad({ filter: /./, namespace: 'commands-apart' }, ({ path }) => ({
      contents: `module.exports = require('./${partOf(path)}.cjs').${exportName(path)};`,
    }));
    bundle.onResolve({ filter: /^\.\/\w+\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};
const entryOf = (part, ...more) => {
  const lines = commands
    .filter(name => partOf(name) === part)
    .map(name => `export * as ${exportName(name)} from './${name}.ts';`);
  return { contents: [...lines, ...more].join('\n'), resolveDir: commandsFolder, loader: 'ts' };
};
// Parts that the executable can load alone; `launch.ts` says for which calls.
const QUICK = ['totals', 'periods', 'usage'];
for (const [part] of PARTS) {
  if (QUICK.includes(part)) continue;
  await build({
    ...shared,
    stdin: entryOf(part),
    outfile: `dist/bin/${part}.cjs`,
    minify: true,
    plugins: [commandsApart, partsApart],
  });
}
await buildQuick(
  build,
  {
    ...shared,
    entryPoints: Object.fromEntries(
      QUICK.map(part => [part, entryOf(part, "export { quickUsage } from '../quick-usage.ts';")]),
    ),
    outdir: `${root}dist/bin`,
    plugins: [commandsApart, partsApart],
  },
  {
    // They run far more code than hooks, and each call other code: none of it is worth compiling before it is called.
    always: [],
    seldom: [
      'src/claude-code/changed-sessions.ts',
      'src/cli/usage-csv.ts',
      'src/hook/read-input.ts',
      'src/model/keep-valid-pricing.ts',
      'src/query/csv-text.ts',
      'src/query/usage/usage-series.ts',
      'src/read-elsewhere.ts',
      'src/store/settings-in.ts',
      'src/store/whose-folder.ts',
    ],
  },
);
await build({
  ...shared,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist/bin',
  minify: true,
  plugins: [commandsApart, partsApart],
});
// The executable loads what a call needs: all of the above, or one command alone.
await buildQuick(
  build,
  {
    ...shared,
    entryPoints: { statusline: 'src/cli/quick-statusline.ts', exec: 'src/cli/quick-exec.ts' },
    outdir: `${root}dist/bin`,
  },
  { always: [], seldom: ['src/store/refresh-document.ts'] },
);
await build({
  ...shared,
  entryPoints: { spanbook: 'src/cli/launch.ts' },
  outdir: 'dist/bin',
  banner: { js: '#!/usr/bin/env node' },
  minify: true,
  external: ['./statusline.cjs', './exec.cjs'],
});
chmodSync(`${root}dist/bin/spanbook.cjs`, 0o755);
await buildPage(root, build);
writeNotices(root, metafiles, [
  { title: 'Roboto, the font of PDF reports (Copyright Google Inc.)', license: 'Apache-2.0', file: `${root}LICENSE` },
]);
