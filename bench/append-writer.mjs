// One of the writers of a journal: says that it is up, waits for the word, appends its facts, ends.
import { appendFact } from '../dist/src/journal/append-fact.js';
import { benchFact } from './bench-fact.mjs';

const [stateDir, count, writer] = process.argv.slice(2);
process.once('message', () => {
  for (let i = 0; i < Number(count); i++) {
    const id = `${writer.padStart(4, '0')}${String(i).padStart(12, '0')}`;
    appendFact(stateDir, { ...benchFact(), id }, { maxBytes: 1e12, fsync: false });
  }
  process.disconnect();
});
process.send('up');
