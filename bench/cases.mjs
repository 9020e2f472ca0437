// All cases, in the order of the table. Each is loaded when it is run: most of them need the built project.
export const CASES = {
  hook: () => import('./cases/hook.mjs'),
  monitor: () => import('./cases/monitor.mjs'),
  parallel: () => import('./cases/parallel.mjs'),
  journal: () => import('./cases/journal.mjs'),
  refresh: () => import('./cases/refresh.mjs'),
  read: () => import('./cases/read.mjs'),
  spans: () => import('./cases/spans.mjs'),
  relay: () => import('./cases/relay.mjs'),
  usage: () => import('./cases/usage.mjs'),
  'usage-growth': () => import('./cases/usage-growth.mjs'),
  import: () => import('./cases/import.mjs'),
  cli: () => import('./cases/cli.mjs'),
  library: () => import('./cases/library.mjs'),
};
