// `npm run test:faults [-- --long] [FILTER…]`: the failure matrix. The long form writes its counts to docs/reliability.md.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { long: { type: 'boolean' } }, allowPositionals: true });
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const args = [vitest, 'run', '--config', 'vitest.faults.config.ts', ...positionals];
const env = {
  ...process.env,
  SPANBOOK_FAULTS: values.long ? 'long' : 'short',
  SPANBOOK_FAULTS_WHOLE: positionals.length === 0 ? '1' : '',
};
// Node 20 reads this bundle at every start, which would triple the time of every child process.
delete env.NODE_EXTRA_CA_CERTS;
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1;
