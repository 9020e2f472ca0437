// `npm run demo`: the main job on a recorded real session. Every hook call goes through the real executable into a
// fresh state folder; the clock is that of the recording, so the durations are the recorded ones.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stateDir = `${root}.demo/state`;
const hook = `${root}dist/hooks/claude-code.cjs`;
const shown = path => relative(process.cwd(), path) || '.';

function run(file, args, options) {
  const { status, signal, error } = spawnSync(process.execPath, [file, ...args], options);
  if (status === 0) return;
  const reason = error?.message ?? `exit code ${status ?? signal}`;
  console.error(`demo: expected ${shown(file)} to end with exit code 0, got ${reason}. Run: npm run build`);
  process.exit(1);
}

function spanbook(...args) {
  run(`${root}dist/bin/spanbook.cjs`, [...args, '--state-dir', stateDir], { stdio: 'inherit' });
}

const calls = readFileSync(`${root}examples/recorded-session/hooks.jsonl`, 'utf8')
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line));

rmSync(`${root}.demo`, { recursive: true, force: true });
console.log(`A recorded session of Claude Code: ${calls.length} hook calls through ${shown(hook)}\n`);
for (const { received_at_ms, payload } of calls) {
  run(hook, [], {
    input: JSON.stringify(payload),
    env: { PATH: process.env.PATH, SPANBOOK_STATE_DIR: stateDir, SPANBOOK_NOW: String(received_at_ms) },
  });
}
spanbook('pipeline', 'hierarchy');
console.log('');
spanbook('pipeline', 'stats');
console.log('');
// What the session used stands in its transcripts.
spanbook('usage', 'report', '--claude-dir', `${root}examples/recorded-session`);
console.log(`
Look at it             npx spanbook dashboard --state-dir ${shown(stateDir)} --claude-dir examples/recorded-session
The same as JSON       ${shown(stateDir)}/pipeline_progress.json
Ask more               npx spanbook pipeline --help, npx spanbook usage --help   (add --state-dir ${shown(stateDir)})
Trace your own code    node examples/instrument-code.mjs   (docs/instrumenting-code.md)
Your shell scripts     docs/instrumenting-scripts.md
Your Claude Code       docs/claude-code.md
The same in Jaeger     docker compose up -d
                       npx spanbook ship --state-dir ${shown(stateDir)} --claude-dir examples/recorded-session
                       then open http://127.0.0.1:16686   (docs/traces.md)`);
