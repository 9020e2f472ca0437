/** Who may import whom, and how big a file may be: read from the import lines themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './helpers/run-program.ts';

const SHARED = ['src/errors.ts', 'src/attributes.ts'];
const OTEL = /^@opentelemetry\//;
const API = /^@opentelemetry\/api$/;
const ANY = /./;
const NONE = /$^/;

interface Rule {
  /** Folders (or files) of ours that may be imported, besides the own folder. */
  ours: readonly string[];
  packages: RegExp;
  /** Modules of Node.js. */
  node: RegExp;
}

const PURE = { packages: NONE, node: NONE };
const SCHEMAS = /^zod$/;
/** Where exporters are put together with the rest. */
const COMPOSED = ['src/setup.ts', 'src/index.ts', 'src/open-relay.ts', 'src/verify-traces.ts'];
const LIBRARY = ['src/model', 'src/usage', 'src/query', 'src/journal', 'src/store', 'src/claude-code', 'src/span'];

/** DESIGN: the deeper in the list, the more may be imported. The first entry that a path begins with holds. */
const RULES: readonly [string, Rule][] = [
  ['src/errors.ts', { ours: [], ...PURE }],
  ['src/attributes.ts', { ours: [], ...PURE }],
  ['src/model/', { ours: [], packages: SCHEMAS, node: NONE }],
  ['src/usage/', { ours: ['src/model'], ...PURE }],
  ['src/query/', { ours: ['src/model', 'src/usage'], ...PURE }],
  ['src/charts/', { ours: ['src/model', 'src/usage', 'src/query'], packages: /^echarts\//, node: NONE }],
  [
    'src/report/',
    {
      ours: ['src/model', 'src/usage', 'src/query', 'src/charts'],
      packages: /^(pdfmake|write-excel-file)(\/|$)/,
      node: NONE,
    },
  ],
  ['src/journal/', { ours: ['src/model'], packages: NONE, node: ANY }],
  ['src/store/', { ours: ['src/model', 'src/usage', 'src/journal'], packages: SCHEMAS, node: ANY }],
  // The installer replaces settings files, and parses them with their comments.
  [
    'src/claude-code/',
    {
      ours: ['src/model', 'src/usage', 'src/journal', 'src/store/write-file.ts'],
      packages: /^(zod|jsonc-parser)$/,
      node: ANY,
    },
  ],
  ['src/span/', { ours: ['src/model'], packages: API, node: NONE }],
  // The nearest activity is carried in the context: written by span, read by processor.
  ['src/processor/', { ours: ['src/model', 'src/journal', 'src/store', 'src/span'], packages: OTEL, node: ANY }],
  ['exporters/', { ours: ['src/model', 'src/journal', 'src/store'], packages: OTEL, node: ANY }],
  [
    'src/hook/',
    { ours: ['src/model', 'src/journal', 'src/store', 'src/claude-code'], packages: NONE, node: /^node:fs$/ },
  ],
  ['hooks/', { ours: ['src/hook'], ...PURE }],
  ['src/setup.ts', { ours: [...LIBRARY, 'src/processor', 'src/', 'exporters'], packages: OTEL, node: ANY }],
  ['src/index.ts', { ours: ['src', 'exporters'], packages: ANY, node: NONE }],
  // Runs in a browser: pure code, and the types of what it is answered.
  [
    'src/dashboard/page/',
    {
      ours: [
        'src/model',
        'src/usage',
        'src/query',
        'src/charts',
        'src/dashboard/answers.ts',
        'src/cli/monitor-answer.ts',
      ],
      packages: /^preact(\/hooks)?$/,
      node: NONE,
    },
  ],
  // What is looked at while it grows.
  ['src/mcp/', { ours: ['src'], packages: /^@modelcontextprotocol\/sdk\//, node: ANY }],
  ['src/live/', { ours: ['src'], packages: NONE, node: ANY }],
  ['src/cli/', { ours: ['src'], packages: ANY, node: ANY }],
  ['src/monitor/', { ours: ['src'], packages: ANY, node: ANY }],
  ['src/', { ours: ['src'], packages: ANY, node: ANY }],
];

const IMPORTS =
  /(?:^|\n)(?:import|export)\s(?:[^;'"`=]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

const importsOf = (text: string): string[] =>
  [...text.matchAll(IMPORTS)].map(match => match[1] ?? match[2] ?? '').filter(name => name !== '');

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.replace(/\/?$/, '/'));

/** What is wrong with one import of a file; null if it may be. */
function violation(file: string, specifier: string): string | null {
  const [place, rule] = RULES.find(([prefix]) => file.startsWith(prefix)) ?? [];
  if (!place || !rule) return `${file} stands in no place of the table`;
  const says = (what: string): string => `${file} imports ${what}`;
  if (!specifier.startsWith('.')) {
    if (specifier.startsWith('#config/')) return null;
    if (isBuiltin(specifier)) return rule.node.test(specifier) ? null : says(specifier);
    return rule.packages.test(specifier) ? null : says(specifier);
  }
  const target = join(dirname(file), specifier);
  if (!/\.tsx?$/.test(specifier)) return says(`${target}, without .ts`);
  if (target === 'src/index.ts') return says(target);
  if (isIn(target, 'exporters') && !file.startsWith('exporters/')) return COMPOSED.includes(file) ? null : says(target);
  if (SHARED.includes(target)) return null;
  if (place.endsWith('/') && isIn(target, place)) return null;
  return rule.ours.some(folder => isIn(target, folder)) ? null : says(target);
}

const sources = ['src', 'exporters', 'hooks'].flatMap(folder =>
  readdirSync(`${ROOT}${folder}`, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => `${entry.parentPath}/${entry.name}`.slice(ROOT.length)),
);
const textOf = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');
const lines = (file: string): number => textOf(file).split('\n').length - 1;

describe('the import lines', () => {
  it('follow the table', () => {
    const wrong = sources.flatMap(file =>
      importsOf(textOf(file)).flatMap(specifier => violation(file, specifier) ?? []),
    );
    expect(wrong).toEqual([]);
    expect(sources.length).toBeGreaterThan(30);
  });

  it('lead from no hook to a package, to the installer, or to another module than node:fs', () => {
    const reached = new Set(sources.filter(file => file.startsWith('hooks/')));
    for (const file of reached) {
      for (const specifier of sources.includes(file) ? importsOf(textOf(file)) : []) {
        reached.add(specifier.startsWith('.') ? join(dirname(file), specifier) : specifier);
      }
    }
    const files = [...reached].filter(name => sources.includes(name));
    expect(files).toContain('src/claude-code/hook-fact.ts');
    expect(files).not.toContain('src/claude-code/parse-settings.ts');
    expect([...reached].filter(name => !sources.includes(name))).toEqual(['node:fs']);
  });

  it('are found in every form', () => {
    const text = `import a from './a.ts';
import './b.ts';
import type { C } from "./c.ts";
export {
  d,
} from './d.ts';
export * from './e.ts';
const f = await import('./f.ts');
const no = 'import g from';
`;
    expect(importsOf(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
  });

  it.each([
    ['src/model/fold.ts', '../journal/segments.ts'],
    ['src/model/fold.ts', '../query/status.ts'],
    ['src/model/fold.ts', 'node:fs'],
    ['src/usage/price.ts', '../query/status.ts'],
    ['src/usage/price.ts', 'node:fs'],
    ['src/query/status.ts', '../store/archive.ts'],
    ['src/query/status.ts', 'node:fs'],
    ['src/journal/segments.ts', '../store/archive.ts'],
    ['src/store/archive.ts', '../query/status.ts'],
    ['src/store/archive.ts', '../claude-code/hook-fact.ts'],
    ['src/claude-code/hook-fact.ts', '../store/archive.ts'],
    ['src/span/with-command.ts', '@opentelemetry/sdk-trace-node'],
    ['src/span/with-command.ts', '../journal/segments.ts'],
    ['src/span/with-command.ts', 'node:async_hooks'],
    ['src/processor/live.ts', '../claude-code/hook-fact.ts'],
    ['src/processor/live.ts', 'zod'],
    ['exporters/state-file.ts', '../src/query/status.ts'],
    ['src/hook/run-hook.ts', '@opentelemetry/api'],
    ['src/hook/run-hook.ts', 'node:crypto'],
    ['src/hook/run-hook.ts', '../query/status.ts'],
    ['hooks/claude-code.ts', '../src/model/fold.ts'],
    ['hooks/claude-code.ts', 'node:fs'],
    ['src/dashboard/page/app.tsx', 'node:fs'],
    ['src/dashboard/page/app.tsx', 'echarts/core'],
    ['src/dashboard/page/app.tsx', '../dashboard.ts'],
    ['src/cli/main.ts', '../index.ts'],
    ['src/cli/main.ts', '../../exporters/state-file.ts'],
    ['src/logger.ts', '../exporters/state-file.ts'],
    ['src/errors.ts', './model/fold.ts'],
    ['src/model/fold.ts', './tree'],
  ])('may not be in %s: %s', (file, specifier) => {
    expect(violation(file, specifier)).toContain(file);
  });

  it.each([
    ['src/model/fold.ts', './tree.ts'],
    ['src/model/fold.ts', '../errors.ts'],
    ['src/query/status.ts', '../usage/price.ts'],
    ['src/span/with-command.ts', '@opentelemetry/api'],
    ['src/setup.ts', '../exporters/state-file.ts'],
    ['src/hook/run-hook.ts', 'node:fs'],
    ['src/cli/main.ts', 'commander'],
  ])('may be in %s: %s', (file, specifier) => {
    expect(violation(file, specifier)).toBeNull();
  });
});

describe('files', () => {
  it.each(sources)('%s is short', file => {
    expect(lines(file)).toBeLessThanOrEqual(file.startsWith('hooks/') ? 25 : 250);
  });
});
