// An append costs the same whatever lies behind it; questions about now read the head of the document only.
import { appendFact } from '../dist/src/journal/append-fact.js';
import { makeState } from './make-state.mjs';
import { header, median, processMillis, report, rounds, withFolder } from './measure.mjs';

const MB = 1 << 20;
const CLI = new URL('../dist/bin/spanbook.cjs', import.meta.url).pathname;
const APPENDS = 2000;

export function benchAppends({ roundCount }) {
  withFolder(folder => {
    makeState(`${folder}/none`, 0);
    makeState(`${folder}/large`, 45 * MB);
    const fact = {
      v: 1,
      at: Date.now(),
      source: 'hook',
      kind: 'note',
      level: 'info',
      id: '0123456789abcdef',
      message: 'x'.repeat(200),
    };
    const appendMicros = state => {
      const began = performance.now();
      for (let i = 0; i < APPENDS; i++) appendFact(state, fact, { maxBytes: 1e12, fsync: false });
      return ((performance.now() - began) * 1000) / APPENDS;
    };
    const none = [];
    const ratios = [];
    for (let round = 0; round <= roundCount; round++) {
      const empty = appendMicros(`${folder}/none`);
      const large = appendMicros(`${folder}/large`);
      if (round === 0) continue;
      none.push(empty);
      ratios.push(large / empty);
    }
    header(`journal and head, ${roundCount} rounds`);
    report(
      `append with 45 MB behind it / with none (${median(none).toFixed(1)} us)`,
      `${median(ratios).toFixed(2)} x`,
      '<= 1.1',
    );
  });
}

export function benchHead({ roundCount }) {
  withFolder(folder => {
    const bytes = [1, 45].map(size => makeState(`${folder}/${size}`, size * MB));
    for (const verb of ['status', 'active']) {
      const [, large] = rounds(
        [1, 45].map(size => ({
          name: `${size} MB`,
          run: () => processMillis([CLI, 'pipeline', verb, '--json', '--state-dir', `${folder}/${size}`]),
        })),
        roundCount,
      );
      report(
        `pipeline ${verb} at ${(bytes[1] / MB).toFixed(0)} MB / at ${(bytes[0] / MB).toFixed(0)} MB`,
        `${large.ratio.toFixed(2)} x`,
        '<= 1.3',
      );
    }
  });
}
