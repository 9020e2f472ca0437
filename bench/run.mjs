// `npm run bench`: prints what was measured beside what was aimed at. It judges nothing and fails nothing.
import { arch, cpus } from 'node:os';
import { benchHooks, benchHookWithMonitor, benchParallelHooks } from './hooks.mjs';
import { benchImport } from './import.mjs';
import { benchAppends, benchHead } from './journal.mjs';
import { benchRelay } from './relay.mjs';
import { benchSpans } from './spans.mjs';
import { benchUsage } from './usage.mjs';

const quick = process.argv.includes('--quick');
const roundCount = quick ? 5 : 31;

console.log(`Node ${process.version}, ${arch()}, ${cpus().length} cores; medians, ratios inside one run`);
benchHooks({ roundCount });
benchHookWithMonitor({ roundCount: quick ? 5 : 61 });
await benchParallelHooks({ roundCount: quick ? 3 : 7 });
await benchSpans({ roundCount: quick ? 2 : 7, count: 120_000 });
await benchRelay({ roundCount: quick ? 2 : 7, count: 30_000 });
benchAppends({ roundCount: quick ? 3 : 9 });
benchHead({ roundCount: quick ? 5 : 15 });
await benchImport(quick ? { roundCount: 2, mb: 20, files: 24 } : { roundCount: 7, mb: 500, files: 400 });
await benchUsage(quick ? { roundCount: 2, mb: 20, files: 24 } : { roundCount: 7, mb: 500, files: 400 });
