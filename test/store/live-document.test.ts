/** The document as a long-lived process keeps it, while others write to the same folder. */
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { appendFact } from '../../src/journal/append-fact.ts';
import { createSegment, segmentPath } from '../../src/journal/segments.ts';
import type { Fact } from '../../src/model/fact.ts';
import { LiveDocument } from '../../src/store/live-document.ts';
import { refreshDocument } from '../../src/store/refresh-document.ts';
import { makeStateFolder, readState } from '../helpers/state-document.ts';

const info = (id: number): Fact => ({
  v: 1,
  at: 1_790_000_000_000 + id,
  kind: 'note',
  source: 'hook',
  level: 'info',
  id: id.toString(16).padStart(16, '0'),
  parent: null,
  message: `note ${id}`,
});

const MAX_BYTES = 1e9;
const eventsIn = (stateDir: string): number => readState(stateDir).statistics.total_events ?? 0;

it('does not put an older document in the place of one that knows a newer segment', () => {
  const stateDir = makeStateFolder();
  const live = new LiveDocument(stateDir);
  live.append(info(1));
  live.flush();
  createSegment(stateDir, 2);
  appendFact(stateDir, info(2), { maxBytes: MAX_BYTES, fsync: false });
  refreshDocument(stateDir, MAX_BYTES);
  expect(eventsIn(stateDir)).toBe(2);
  live.flush();
  expect(eventsIn(stateDir)).toBe(2);
});

it('takes a late line of an older segment in, though its own segment did not grow by it', () => {
  const stateDir = makeStateFolder();
  const live = new LiveDocument(stateDir);
  live.append(info(1));
  createSegment(stateDir, 2);
  live.flush();
  live.append(info(2));
  live.flush();
  appendFileSync(segmentPath(stateDir, 1), `${JSON.stringify(info(3))}\n`);
  live.append(info(4));
  live.flush();
  expect(eventsIn(stateDir)).toBe(4);
});

it('goes on in a new folder when somebody removed the old one, and loses nothing that came after', () => {
  const stateDir = makeStateFolder();
  const live = new LiveDocument(stateDir);
  for (let id = 1; id <= 40; id++) live.append(info(id));
  live.flush();
  rmSync(stateDir, { recursive: true });
  live.append(info(41));
  live.flush();
  live.append(info(42));
  live.flush();
  expect(readState(stateDir).events.map(event => event.message)).toEqual(['note 41', 'note 42']);
});

it('gives up the old journal when a hook made a new one in its place', () => {
  const stateDir = makeStateFolder();
  const live = new LiveDocument(stateDir);
  for (let id = 1; id <= 40; id++) live.append(info(id));
  live.flush();
  rmSync(stateDir, { recursive: true });
  appendFact(stateDir, info(50), { maxBytes: MAX_BYTES, fsync: false });
  live.append(info(51));
  live.flush();
  expect(readState(stateDir).events.map(event => event.message)).toEqual(['note 50', 'note 51']);
  expect(existsSync(stateDir)).toBe(true);
});

it('says once that a folder cannot be written, and writes what waited when it can', () => {
  const stateDir = makeStateFolder();
  const said: string[] = [];
  const live = new LiveDocument('/proc/nope', { onError: message => said.push(message) });
  live.append(info(1));
  live.append(info(2));
  live.flush();
  expect(said).toEqual([expect.stringMatching(/^spanbook: expected to write to \/proc\/nope, got ENOENT/)]);
  expect(existsSync(stateDir)).toBe(false);
});
