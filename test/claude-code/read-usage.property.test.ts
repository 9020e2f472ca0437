/** An answer of which only some fields are read says what it says when it is parsed, whatever its content is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, answerOf } from '../../src/claude-code/answer.ts';
import { object, type Payload } from '../../src/claude-code/payload.ts';
import { readUsageRecords } from '../../src/claude-code/read-usage.ts';
import { answerRecord } from '../helpers/arbitrary-answers.ts';

const options = { numRuns: Number(process.env.PROPERTY_RUNS ?? 2000) };

let path = '';

beforeAll(() => {
  const folder = mkdtempSync(`${tmpdir()}/spanbook-test-`);
  path = `${folder}/transcript.jsonl`;
  return () => rmSync(folder, { recursive: true });
});

/** What is told of the lines of a file, in their order. */
function toldBy(lines: readonly string[]): (Answer | Payload | 'damaged')[] {
  writeFileSync(path, lines.map(line => `${line}\n`).join(''));
  const told: (Answer | Payload | 'damaged')[] = [];
  readUsageRecords(path, 0, {
    takeAnswer: answer => told.push({ ...answer }),
    take: other => told.push(other),
    mayAwait: () => false,
    onDamaged: () => told.push('damaged'),
  });
  return told;
}

/** Without the record, which is there only if it was parsed, and without the id of the record where others are there. */
const comparable = ({ record: _, uuid, ...answer }: Answer) => ({
  ...answer,
  uuid: answer.id || answer.request ? undefined : uuid,
});
const CALLS = ['Skill', 'Agent', 'Task'];
const callsIn = (answer: Payload): unknown[] => {
  const { content } = object(answer.message);
  const blocks = Array.isArray(content) ? content.map(object) : [];
  return blocks.filter(({ name }) => CALLS.includes(String(name)));
};

/** With a space behind each colon and comma, as some tools write it. */
const spaced = (value: unknown): string => JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ');

describe('an answer of which only some fields are read', () => {
  it('is what the parser would give', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(answerRecord, { maxLength: 8 }), fc.boolean(), (given, isSpaced) => {
        const lines = given.map(one => (isSpaced ? spaced(one) : JSON.stringify(one)));
        const answers = lines.map(line => JSON.parse(line) as Payload).filter(({ type }) => type === 'assistant');
        const told = toldBy(lines).filter((one): one is Answer => typeof one === 'object' && 'isBilled' in one);
        expect(told.map(comparable)).toEqual(answers.map(answer => comparable(answerOf(answer))));
        for (const [index, { record: whole }] of told.entries()) {
          if (whole) expect(whole).toEqual(answers[index]);
          else {
            read++;
            expect(callsIn(answers[index] as Payload)).toEqual([]);
          }
        }
      }),
      { numRuns: options.numRuns / 4 },
    );
    expect(read).toBeGreaterThan(options.numRuns / 20);
  });
});
