/** The journal of a program that did many things: a command with a skill in it, again and again. */
import type { Fact } from '../../src/model/fact.ts';
import { end, spanId, start, T0 } from './run-cli.ts';

/** With so many activities; an odd number leaves the last command without a skill. */
export function programJournal(count: number): Fact[] {
  const facts: Fact[] = [];
  for (let number = 1; number <= count; number += 2) {
    const at = T0 + number;
    facts.push(start(number, { at, source: 'span', name: '/run', attributes: { 'app.number': number } }));
    if (number < count) {
      const skill = { level: 'skill', name: 'pack', parent: spanId(number), trace: spanId(number).repeat(2) } as const;
      facts.push(start(number + 1, { at: at + 1, source: 'span', ...skill }), end(number + 1, { at: at + 2 }));
    }
    facts.push(end(number, { at: at + 3 }));
  }
  return facts;
}

/** Their span ids, in the order in which they are over. */
programJournal.ids = (count: number): string[] => {
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 2) {
    if (number < count) ids.push(spanId(number + 1));
    ids.push(spanId(number));
  }
  return ids;
};
