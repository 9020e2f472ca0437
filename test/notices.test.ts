/** The licences of others: everything that the bundler takes from elsewhere is named in the notices of the build. */
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { ROOT } from './helpers/run-program.ts';

const notices = readFileSync(`${ROOT}dist/THIRD-PARTY-NOTICES.txt`, 'utf8');

const ENTRIES = [
  'src/cli/command-parser.ts',
  'src/store/check-edited-file.ts',
  'src/zone-clock.ts',
  'src/monitor/notify/mail-transport.ts',
  'src/claude-code/parse-settings.ts',
  'src/open-relay.ts',
  'src/report/draw-charts.ts',
  'src/report/render-pdf.ts',
  'src/report/render-xlsx.ts',
  'src/dashboard/page/main.tsx',
];

it.each(ENTRIES)('name what %s takes, with its licence', async entry => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: entry.endsWith('x') ? 'browser' : 'node',
    mainFields: ['module', 'main'],
    outdir: 'out',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [
      {
        name: 'as-built',
        setup: ({ onResolve }) => onResolve({ filter: /^brotli\// }, () => ({ path: 'brotli', external: true })),
      },
    ],
    logLevel: 'error',
  });
  const packages = new Set<string>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder && bytesInOutput > 0) packages.add(folder);
    }
  }
  expect(packages.size).toBeGreaterThan(0);
  for (const folder of packages) {
    const { name, version } = JSON.parse(readFileSync(`${ROOT}${folder}/package.json`, 'utf8'));
    expect(notices).toMatch(new RegExp(`^${name.replaceAll('/', '\\/')} ${version.replaceAll('.', '\\.')} \\(`, 'm'));
  }
});

it('have the texts, not the names alone', () => {
  expect(notices.match(/Permission is hereby granted, free of charge/g)?.length).toBeGreaterThan(5);
  expect(notices).toContain('Apache License');
  expect(notices).toContain('Copyright (c) 2017, Baidu Inc.');
  expect(notices).toContain('Roboto, the font of PDF reports');
});
