import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type TranscriptOptions, writeTranscripts } from '../../bench/make-transcripts.mjs';
import { countTranscripts, filesBelow, recordsOf } from '../helpers/count-transcripts.ts';
import { ROOT } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const isTranscript = (path: string): boolean => path.endsWith('.jsonl');

function makeSmall(options: Partial<TranscriptOptions> = {}) {
  const out = tempDir();
  const truth = writeTranscripts({ out, mb: 2, files: 12, seed: 3, ...options });
  return { out, truth, projects: `${out}/projects` };
}

/** Of the paths and contents of all files. */
function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const path of filesBelow(folder)) hash.update(path.slice(folder.length)).update(readFileSync(path));
  return hash.digest('hex');
}

describe('made transcripts', () => {
  it('are the same bytes for the same seed, and others for another', () => {
    const [one, same, other] = [makeSmall(), makeSmall(), makeSmall({ seed: 4 })];
    expect(digest(same.out)).toBe(digest(one.out));
    expect(digest(other.out)).not.toBe(digest(one.out));
  });

  it('can be parsed line by line, but for the files that are said to be broken', () => {
    const { projects, truth } = makeSmall();
    const broken = filesBelow(projects)
      .filter(isTranscript)
      .filter(path => recordsOf(path).includes(null))
      .map(path => path.slice(projects.length + 1));
    expect(broken).toEqual([...truth.brokenFiles].sort());
  });

  it('hold what the truth says', () => {
    const { projects, truth } = makeSmall();
    const { tokens, ...counts } = countTranscripts(projects);
    expect(truth).toMatchObject(counts);
    expect(truth.tokens).toMatchObject(tokens);
    const paths = filesBelow(projects);
    const transcripts = paths.filter(isTranscript);
    const lines = transcripts.flatMap(recordsOf);
    expect(truth).toMatchObject({
      files: transcripts.length,
      metaFiles: paths.length - transcripts.length,
      bytes: transcripts.map(path => statSync(path).size).reduce((sum, size) => sum + size),
      lines: lines.length,
      brokenLines: lines.filter(record => record === null).length,
      assistantLines: lines.filter(record => record?.type === 'assistant').length,
      apiErrorLines: lines.filter(record => record?.isApiErrorMessage).length,
    });
  });

  it('hold something of everything, however small the tree', () => {
    const { truth } = makeSmall();
    expect(Object.entries(truth).filter(([, count]) => count === 0)).toEqual([]);
    expect(truth.files).toBe(12);
  });

  it('are not written over others', () => {
    const { out } = makeSmall();
    expect(() => writeTranscripts({ out, mb: 1, files: 4 })).toThrow(/projects: expected no such folder/);
  });
});

describe('the baseline', () => {
  it('finds the totals of the truth', () => {
    const { out, truth } = makeSmall();
    const { stdout, status } = spawnSync(process.execPath, [`${ROOT}bench/scan-baseline.mjs`, out, '--json']);
    expect(JSON.parse(String(stdout))).toMatchObject({ tokens: truth.tokens, uniqueMessages: truth.uniqueMessages });
    expect(status).toBe(0);
  });
});
