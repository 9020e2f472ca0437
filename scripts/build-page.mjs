// The page of `spanbook dashboard`: dist/dashboard/ with index.html, app.js, style.css, and charts.js, which is loaded
// when the first chart is drawn.
import { copyFileSync, mkdirSync } from 'node:fs';

const chartsApart = {
  name: 'charts-apart',
  setup: bundle => {
    bundle.onResolve({ filter: /\/draw-chart\.ts$/ }, () => ({ path: './charts.js', external: true }));
  },
};

export async function buildPage(root, build) {
  const page = `${root}src/dashboard/page`;
  const outdir = `${root}dist/dashboard`;
  const shared = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  mkdirSync(outdir, { recursive: true });
  copyFileSync(`${page}/index.html`, `${outdir}/index.html`);
  await build({
    ...shared,
    entryPoints: { app: `${page}/main.tsx`, style: `${page}/style/style.css` },
    plugins: [chartsApart],
  });
  await build({ ...shared, entryPoints: { charts: `${page}/chart/draw-chart.ts` } });
}
