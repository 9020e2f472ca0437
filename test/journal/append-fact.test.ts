/** One line a fact, whole or not at all, and never glued to what a dead writer left. */
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { type FactSink, hasLineBehind, readFacts, segmentSize } from '../../src/journal/read-facts.ts';
import { createSegment, listSegments, segmentPath } from '../../src/journal/segments.ts';
import { makeNote } from '../helpers/script-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const OPTIONS = { maxBytes: 1_000_000, fsync: false };

function read(stateDir: string, segment = 1, offset = 0) {
  const messages: string[] = [];
  const skipped: string[] = [];
  const sink: FactSink = {
    onFact: fact => messages.push(fact.kind === 'note' ? fact.message : fact.kind),
    onSkipped: reason => skipped.push(reason),
  };
  const end = readFacts(stateDir, segment, offset, sink);
  return { messages, skipped, end };
}

describe('appendFact', () => {
  it('writes one line to the newest segment', () => {
    const stateDir = tempDir();
    appendFact(stateDir, makeNote(1), OPTIONS);
    createSegment(stateDir, 2);
    appendFact(stateDir, makeNote(2), { ...OPTIONS, fsync: true });
    expect(read(stateDir, 1).messages).toEqual(['note 1']);
    expect(readFileSync(segmentPath(stateDir, 2), 'utf8')).toBe(`${JSON.stringify(makeNote(2))}\n`);
  });

  it('begins a line of its own after a torn one', () => {
    const stateDir = tempDir();
    appendFact(stateDir, makeNote(1), OPTIONS);
    appendFileSync(segmentPath(stateDir, 1), '{"v":1,"at":17');
    appendFact(stateDir, makeNote(2), OPTIONS);
    expect(read(stateDir)).toMatchObject({ messages: ['note 1', 'note 2'], skipped: ['damaged'] });
  });

  it('begins the next segment when one is full, and not before', () => {
    const stateDir = tempDir();
    const line = JSON.stringify(makeNote(1)).length + 1;
    const maxBytes = 2 * (3 * line);
    appendFact(stateDir, makeNote(1), { maxBytes, fsync: false });
    appendFact(stateDir, makeNote(1), { maxBytes, fsync: false });
    expect(listSegments(stateDir)).toEqual([1]);
    appendFact(stateDir, makeNote(1), { maxBytes, fsync: false });
    expect(listSegments(stateDir)).toEqual([1, 2]);
    expect(segmentSize(stateDir, 2)).toBe(0);
  });

  it('does not follow a link that somebody planted', () => {
    const stateDir = tempDir();
    writeFileSync(`${stateDir}/victim`, 'mine');
    mkdirSync(`${stateDir}/journal`);
    symlinkSync(`${stateDir}/victim`, segmentPath(stateDir, 1));
    expect(() => appendFact(stateDir, makeNote(1), OPTIONS)).toThrow('ELOOP');
    expect(readFileSync(`${stateDir}/victim`, 'utf8')).toBe('mine');
  });
});

describe('readFacts', () => {
  it('counts what is damaged or newer and reads on', () => {
    const stateDir = tempDir();
    const newer = JSON.stringify({ ...makeNote(2), v: 99 });
    mkdirSync(`${stateDir}/journal`);
    const lines = [JSON.stringify(makeNote(1)), '\0\0\0', newer, '', '{"half', `${JSON.stringify(makeNote(3))}\r`];
    writeFileSync(segmentPath(stateDir, 1), `${lines.join('\n')}\n`);
    expect(read(stateDir)).toMatchObject({
      messages: ['note 1', 'note 3'],
      skipped: ['damaged', 'unknown', 'damaged'],
    });
  });

  it('leaves a line without an end for later', () => {
    const stateDir = tempDir();
    appendFact(stateDir, makeNote(1), OPTIONS);
    const whole = segmentSize(stateDir, 1);
    const text = JSON.stringify(makeNote(2));
    appendFileSync(segmentPath(stateDir, 1), text.slice(0, 20));
    expect(read(stateDir)).toEqual({ messages: ['note 1'], skipped: [], end: whole });
    expect(hasLineBehind(stateDir, 1, whole)).toBe(false);
    appendFileSync(segmentPath(stateDir, 1), `${text.slice(20)}\n`);
    expect(hasLineBehind(stateDir, 1, whole)).toBe(true);
    expect(read(stateDir, 1, whole).messages).toEqual(['note 2']);
  });

  it('reads lines longer than its buffer, and characters cut by it', () => {
    const stateDir = tempDir();
    const messages = ['é😀'.repeat(500_000), 'short', '😀'.repeat(700_000)];
    for (const message of messages) appendFact(stateDir, makeNote(1, { message }), { ...OPTIONS, maxBytes: 1e9 });
    expect(read(stateDir).messages).toEqual(messages);
  });

  it('survives any byte of the journal being cut or changed', () => {
    const stateDir = tempDir();
    for (const number of [1, 2, 3]) appendFact(stateDir, makeNote(number), OPTIONS);
    const bytes = readFileSync(segmentPath(stateDir, 1));
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x15;
      for (const damaged of [changed, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])]) {
        writeFileSync(segmentPath(stateDir, 1), damaged);
        const { messages, skipped } = read(stateDir);
        expect(messages.length + skipped.length).toBeGreaterThanOrEqual(2);
        expect(messages.length).toBeGreaterThanOrEqual(1);
      }
    }
  });
});
