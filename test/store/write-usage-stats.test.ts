import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { usageStatsDocument } from '../../src/query/usage/usage-stats-document.ts';
import { usageStatsPath, writeUsageStats } from '../../src/store/write-usage-stats.ts';
import { localCalendar } from '../../src/usage/local-calendar.ts';
import { makeFolder } from '../helpers/run-cli.ts';
import { viewOf } from '../helpers/usage-view.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');

const documentOf = (input: number) =>
  usageStatsDocument(viewOf([{ at: NOW, input }]), {
    calendar: localCalendar(),
    now: NOW,
    pollIntervalSeconds: 300,
    snapshots: [],
    alerts: [],
  });

it('writes the document for its owner alone, and leaves nothing else behind', () => {
  const stateDir = makeFolder();
  expect(writeUsageStats(stateDir, documentOf(1))).toBe(true);
  const path = usageStatsPath(stateDir);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(documentOf(1));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(stateDir)).toEqual(['usage_stats.json']);
});

it('writes only what is new', () => {
  const stateDir = makeFolder();
  writeUsageStats(stateDir, documentOf(1));
  const { ino } = statSync(usageStatsPath(stateDir));
  expect(writeUsageStats(stateDir, documentOf(1))).toBe(false);
  expect(statSync(usageStatsPath(stateDir)).ino).toBe(ino);
  expect(writeUsageStats(stateDir, documentOf(2))).toBe(true);
  expect(JSON.parse(readFileSync(usageStatsPath(stateDir), 'utf8')).totals.total_tokens_input).toBe(2);
});

it('replaces what is damaged', () => {
  const stateDir = makeFolder();
  writeFileSync(usageStatsPath(stateDir), '{"schema_version": "1.0.');
  chmodSync(usageStatsPath(stateDir), 0o400);
  expect(writeUsageStats(stateDir, documentOf(1))).toBe(true);
  expect(JSON.parse(readFileSync(usageStatsPath(stateDir), 'utf8'))).toEqual(documentOf(1));
});

it('throws where it cannot write, and leaves no temporary file', () => {
  const stateDir = makeFolder();
  mkdirSync(usageStatsPath(stateDir));
  writeFileSync(`${usageStatsPath(stateDir)}/kept`, '');
  expect(() => writeUsageStats(stateDir, documentOf(1))).toThrow(/EISDIR|ENOTEMPTY/);
  expect(readdirSync(stateDir)).toEqual(['usage_stats.json']);
  expect(() => writeUsageStats(`${stateDir}/none`, documentOf(1))).toThrow(/ENOENT/);
});
