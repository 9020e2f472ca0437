import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentSchema } from '../../src/model/document-schema.ts';
import { documentedSchemas } from '../../src/model/documented-schemas.ts';
import { readDocument } from '../../src/store/read-document.ts';
import { recordedFacts } from '../helpers/recorded-session.ts';
import { appendLines, end, makeState, note, spanId, start } from '../helpers/run-cli.ts';

const problemsOf = (stateDir: string): unknown => {
  const document = readDocument(stateDir, () => {});
  return documentSchema.safeParse(document).error?.issues ?? [];
};

describe('the schema of pipeline_progress.json', () => {
  it('fits the document of the recorded session', () => {
    expect(problemsOf(makeState(recordedFacts()))).toEqual([]);
  });

  it('fits every kind of event, and a document with skipped lines and open activities', () => {
    const tokens = { input: 1, cache_read: 2, cache_write_5m: 3, cache_write_1h: 4, output: 5 };
    const stateDir = makeState([
      { v: 1, at: 0, source: 'hook', kind: 'context', stage: 'a', system: null, checkpoint: 5 },
      start(1, { intent: 'try', stage: 'prototype', system: 'Shop', attributes: { a: [1] } }),
      start(2, { level: 'checkpoint', name: '5', parent: spanId(1) }),
      start(3, { level: 'skill', name: 's', parent: spanId(99) }),
      start(4, { level: 'agent', name: 'a', label: 'l', parent: spanId(2) }),
      note(10, { level: 'error', parent: spanId(3), recovery: { action: 'skip' } }),
      note(11, { level: 'info', parent: null }),
      note(12, { parent: spanId(98), type: 'Slow', attributes: { x: null } }),
      { v: 1, at: 1, source: 'span', kind: 'request', id: spanId(50), parent: spanId(4), model: 'm', tokens },
      end(4, { status: 'failed', error: { type: 'E', message: 'm' }, outputs: { files: 1 } }),
      end(2, { status: 'abandoned' }),
    ]);
    appendLines(stateDir, 'torn\n');
    expect(problemsOf(stateDir)).toEqual([]);
  });

  it('refuses an end without a status', () => {
    const document = readDocument(makeState([start(1), end(1)]), () => {});
    const events = document.events.map(event => ({ ...event, status: undefined }));
    expect(documentSchema.safeParse({ ...document, events }).success).toBe(false);
  });
});

it.each(Object.entries(documentedSchemas()))('config/schemas/%s.schema.json is current', (name, schema) => {
  const path = new URL(`../../config/schemas/${name}.schema.json`, import.meta.url);
  expect(JSON.parse(readFileSync(path, 'utf8')), 'run: node scripts/schemas.mjs').toEqual(
    JSON.parse(JSON.stringify(schema)),
  );
});
