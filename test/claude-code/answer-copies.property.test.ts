/** A stream tells of an answer many times: what is made of its copies is what parsing each of their lines gives. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Payload } from '../../src/claude-code/payload.ts';
import { object } from '../../src/claude-code/payload.ts';
import { scanSession } from '../../src/claude-code/scan-session.ts';
import type { TranscriptObserver } from '../../src/claude-code/session-usage.ts';
import { linesIn } from '../../src/usage/ledger-text.ts';
import { answerRecord } from '../helpers/arbitrary-answers.ts';

const options = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) };
const SESSION = 'a1b2c3d4-0000-4000-8000-000000000001';
const NOBODY: TranscriptObserver = { onFile() {}, onAnswer() {}, onUser() {} };

/** What a copy says otherwise; `undefined` leaves out what the first one says. */
const change = fc.record(
  {
    timestamp: fc.constantFrom('2026-01-01T12:00:00.000Z', '2026-01-01T12:00:01Z', '2026-01-01T11:59:59.5Z', 'never'),
    output_tokens: fc.constantFrom(0, 1, 7, 7, 500, -1, 1.5),
    stop_reason: fc.constantFrom(null, 'end_turn', 'tool_use'),
    content: fc.constantFrom([], [{ type: 'text', text: 'so' }], [{ type: 'tool_use', id: 't2', name: 'Skill' }]),
    isAbortedMidStream: fc.constantFrom(true, undefined),
    uuid: fc.constantFrom('u1', 'u2'),
    odd: fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Payload>(
          { attributionSkill: 'other' },
          { requestId: 'req_9' },
          { sessionId: 'other' },
          { isApiErrorMessage: true },
          { isSidechain: true },
          { gitBranch: 'other' },
          { usage: { input_tokens: 1 } },
          { model: 'claude-z' },
        ),
      },
    ),
  },
  { requiredKeys: ['odd'] },
);

/** Lines of others that stand between copies. */
const between: fc.Arbitrary<Payload | string | null> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Payload | string>(
      { type: 'attachment', sessionId: 'other', gitBranch: 'other', timestamp: '2026-01-01T12:00:00Z' },
      {
        type: 'user',
        timestamp: '2026-01-01T12:00:00Z',
        message: { content: [{ type: 'tool_result', tool_use_id: 'x' }] },
      },
      {
        type: 'user',
        timestamp: '2026-01-01T12:00:00Z',
        promptId: 'p1',
        uuid: 'u7',
        message: { role: 'user', content: 'go' },
      },
      '{"torn',
    ),
  },
);

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function copyOf(record: Payload, { timestamp, isAbortedMidStream, uuid, odd, ...inner }: Change): Payload {
  const outer = {
    ...(timestamp && { timestamp }),
    ...(isAbortedMidStream && { isAbortedMidStream }),
    ...(uuid && { uuid }),
  };
  const { usage, model, ...rest }: Payload = odd;
  const message = object(record.message);
  const { output_tokens, ...said } = inner;
  const counted = output_tokens === undefined ? message.usage : { ...object(message.usage), output_tokens };
  return {
    ...record,
    ...outer,
    ...rest,
    message: { ...message, usage: usage ?? counted, ...(model === undefined ? {} : { model }), ...said },
  };
}

const lines = fc
  .array(fc.tuple(answerRecord, fc.array(fc.tuple(between, change), { maxLength: 4 })), { maxLength: 5 })
  .map(answers =>
    answers.flatMap(([first, copies]) => [
      first,
      ...copies.flatMap(([other, changed]) => [...(other === null ? [] : [other]), copyOf(first, changed)]),
    ]),
  )
  .map(all => all.map(line => (typeof line === 'string' ? line : JSON.stringify(line))));

let path = '';

beforeAll(() => {
  const folder = mkdtempSync(`${tmpdir()}/spanbook-test-`);
  path = `${folder}/${SESSION}.jsonl`;
  return () => rmSync(folder, { recursive: true });
});

function scan(agent: string | undefined, observer?: TranscriptObserver): unknown {
  const place = agent === undefined ? {} : { agent };
  const file = { path, ...place, mtimeMs: 0, offset: 0, tail: '', damaged: 0 };
  const scanned = scanSession(
    { key: 'k', session: SESSION, folder: '-home-dev', files: [file], state: null, now: 1e13 },
    observer,
  );
  const { lines: ledger, requests, ...rest } = scanned;
  return { ...rest, ...requests, numbers: [...requests.numbers], lines: linesIn(ledger) };
}

describe('copies of an answer', () => {
  it.each([undefined, 'a1'])('say what they say as a whole (agent: %s)', agent => {
    let copies = 0;
    fc.assert(
      fc.property(lines, given => {
        writeFileSync(path, given.map(line => `${line}\n`).join(''));
        copies += given.length;
        expect(scan(agent)).toEqual(scan(agent, NOBODY));
      }),
      options,
    );
    expect(copies).toBeGreaterThan(options.numRuns);
  });
});
