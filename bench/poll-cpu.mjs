// CPU time of a running monitor that looks and finds nothing new.
import { readFileSync } from 'node:fs';
import { askMonitor } from '../dist/src/monitor/ask-monitor.js';
import { monitorPlace } from '../dist/src/monitor/monitor-place.js';
import { SPANBOOK } from './places.mjs';
import { jsonOf } from './run-process.mjs';

/** The kernel counts in ticks of ten milliseconds, so one look is too short to be measured. */
const LOOKS = 20;
const TICK_MILLIS = 10;

/** Milliseconds of one look, a value for each round of many. User and system time, all threads. */
export async function pollCpuMillis(tree, { state, rounds }) {
  const env = { CLAUDE_CONFIG_DIR: tree };
  const monitor = verb =>
    jsonOf([process.execPath, SPANBOOK, 'monitor', verb, '--state-dir', state, '--json'], { env });
  const { pid } = monitor('start');
  try {
    const ticks = () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
      return Number(fields[11]) + Number(fields[12]);
    };
    const { nonce } = JSON.parse(readFileSync(`${state}/monitor.json`, 'utf8'));
    const { socket } = monitorPlace(state);
    const samples = [];
    for (let round = 0; round <= rounds; round++) {
      const before = ticks();
      for (let look = 0; look < LOOKS; look++) await askMonitor('poll', { socket, nonce, timeoutMillis: 10_000 });
      if (round > 0) samples.push(((ticks() - before) * TICK_MILLIS) / LOOKS);
    }
    return samples;
  } finally {
    monitor('stop');
  }
}
