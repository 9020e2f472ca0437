import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listNumbers, numberedPath } from '../../src/journal/numbered-files.ts';
import { tempDir } from '../helpers/temp-dir.ts';

describe('numbered files', () => {
  it('are those whose name is written as the journal writes it, in the order of their numbers', () => {
    const folder = tempDir();
    for (const number of [12, 3, 123_456_789]) writeFileSync(numberedPath(folder, 'events-', number), '');
    const others = [
      'events-4.jsonl',
      'events-00000NaN.jsonl',
      'events-Infinity.jsonl',
      'events--1234567.jsonl',
      'events-0000001.5.jsonl',
      'events-0x000001.jsonl',
      'events-00001e21.jsonl',
      'events-0001e+21.jsonl',
      'events-00000005.json',
      'events-00000006.jsonl.bak',
      'other-00000007.jsonl',
      'monitor-alive',
    ];
    for (const name of others) writeFileSync(`${folder}/${name}`, '');
    expect(listNumbers(folder, 'events-')).toEqual([3, 12, 123_456_789]);
    expect(listNumbers(`${folder}/none`, 'events-')).toEqual([]);
  });
});
