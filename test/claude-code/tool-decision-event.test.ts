/** Which decisions about tools become facts: those of a person, about a call that can be found again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toolWaitFacts } from '../../src/claude-code/tool-decision-event.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import { decisionRecord, logsOf, recordedLogs, requestRecord } from '../helpers/otlp-logs.ts';

const factsOf = (attributes: Readonly<Record<string, unknown>>, overrides: object = {}) =>
  toolWaitFacts(logsOf({ ...decisionRecord(attributes), ...overrides }));

describe('a decision of a person', () => {
  it('is a fact', () => {
    expect(factsOf({})).toEqual([
      {
        v: 1,
        at: Date.parse('2026-11-22T06:47:24.596Z'),
        kind: 'tool_wait',
        source: 'import',
        session: 'session-1',
        prompt: 'prompt-1',
        tool_use: 'toolu_1',
        name: 'Bash',
        decision: 'user_temporary',
      },
    ]);
  });

  it.each(['user_permanent', 'user_temporary', 'user_abort', 'user_reject'])('says %s', source => {
    expect(factsOf({ source }).map(({ decision }) => decision)).toEqual([source]);
  });

  it('may name neither its prompt nor the tool', () => {
    const [fact] = factsOf({ 'prompt.id': undefined, tool_name: undefined });
    expect(fact).toMatchObject({ prompt: undefined, name: 'tool' });
  });

  it('carries nothing of what the tool was given', () => {
    const [fact] = factsOf({ tool_parameters: '{"bash_command":"ls"}', 'user.email': 'dev@example.com' });
    expect(JSON.stringify(fact)).not.toMatch(/bash_command|example/);
  });
});

describe('nothing is made of', () => {
  it.each(['config', 'hook', 'classifier', 'unknown', '', undefined, 7])('a decision by %j', source => {
    expect(factsOf({ source })).toEqual([]);
  });

  it.each(['tool_use_id', 'session.id'])('a decision without %s', key => {
    expect([factsOf({ [key]: undefined }), factsOf({ [key]: '' }), factsOf({ [key]: 'two words' })]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('a decision without a time', () => {
    expect(factsOf({ 'event.timestamp': undefined }, { timeUnixNano: 'x' })).toEqual([]);
    expect(factsOf({ 'event.timestamp': undefined })).toHaveLength(1);
  });

  it('a decision of another program, other events, and what the settings decided in recorded runs', () => {
    const record = { ...decisionRecord(), body: { stringValue: 'tool_decision' } };
    expect(
      toolWaitFacts({ resourceLogs: [{ scopeLogs: [{ scope: { name: 'shop' }, logRecords: [record] }] }] }),
    ).toEqual([]);
    expect(toolWaitFacts(logsOf(requestRecord(), null, 5))).toEqual([]);
    const recorded = [...recordedLogs('2.1.197'), ...recordedLogs('2.1.332')].map(body => JSON.parse(body) as unknown);
    expect(recorded.flatMap(toolWaitFacts)).toEqual([]);
    expect(JSON.stringify(recorded).match(/"claude_code.tool_decision"/g)).toHaveLength(16);
  });
});

it('whatever comes, a fact is one that the fold takes', () => {
  const key = fc.constantFrom('event.timestamp', 'session.id', 'prompt.id', 'tool_use_id', 'tool_name', 'source');
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({ stringValue: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 1 })) }),
    fc.record({ intValue: fc.double() }),
  );
  const record = fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true }).map(decisionRecord);
  fc.assert(
    fc.property(fc.array(fc.oneof(record, fc.jsonValue({ maxDepth: 2 })), { maxLength: 4 }), records => {
      const facts = toolWaitFacts(JSON.parse(JSON.stringify(logsOf(...records))));
      expect(facts.length).toBeLessThanOrEqual(records.length);
      for (const fact of facts) expect(parseFact(JSON.stringify(fact))).toEqual(JSON.parse(JSON.stringify(fact)));
    }),
  );
});
