// All cases, in the order of the table.
import { cliCase } from './cases/cli.mjs';
import { hookCase } from './cases/hook.mjs';
import { importCase } from './cases/import.mjs';
import { journalCase } from './cases/journal.mjs';
import { libraryCase } from './cases/library.mjs';
import { monitorCase } from './cases/monitor.mjs';
import { parallelCase } from './cases/parallel.mjs';
import { readCase } from './cases/read.mjs';
import { refreshCase } from './cases/refresh.mjs';
import { relayCase } from './cases/relay.mjs';
import { spansCase } from './cases/spans.mjs';
import { usageCase } from './cases/usage.mjs';
import { usageGrowthCase } from './cases/usage-growth.mjs';

export const CASES = [
  hookCase,
  monitorCase,
  parallelCase,
  journalCase,
  refreshCase,
  readCase,
  spansCase,
  relayCase,
  usageCase,
  usageGrowthCase,
  importCase,
  cliCase,
  libraryCase,
];
