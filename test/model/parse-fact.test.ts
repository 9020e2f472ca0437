/** The door of the fold lets every fact of ours through and nothing that the fold could stumble over. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFact } from '../../src/model/parse-fact.ts';
import { anyFact } from '../helpers/arbitrary-facts.ts';

const start = {
  v: 1,
  at: 0,
  source: 'hook',
  kind: 'start',
  level: 'command',
  span: 'a'.repeat(16),
  trace: 'b'.repeat(32),
  name: '/x',
};
const sum = { tokens: { input: 1, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 }, requests: 1 };
const DEEP = '['.repeat(8000) + ']'.repeat(8000);
const PROCESS = `{"pid":7,"started":1,"boot":"b","host":"h","namespace":"n","more":${DEEP}}`;
const parsed = (fact: object) => parseFact(JSON.stringify({ ...start, ...fact }));

describe('parseFact', () => {
  it('reads back whatever a writer wrote', () => {
    fc.assert(
      fc.property(anyFact, fact => {
        const line = JSON.stringify(fact);
        expect(parseFact(line)).toEqual(JSON.parse(line));
      }),
    );
  });

  it.each([
    ['a newer version', { v: 2 }],
    ['a newer version of another shape', { v: 7, at: 'noon', kind: 'start', name: {} }],
    ['an unknown kind', { kind: 'sparkle' }],
    ['a kind that every object has', { kind: 'constructor' }],
  ])('says that it does not know %s', (_what, fact) => {
    expect(parsed(fact)).toBe('unknown');
  });

  it.each([
    ['no JSON', '{"v":1'],
    ['null', 'null'],
    ['a number', '7'],
    ['nothing of a fact', '{}'],
    ['what nobody can write again', JSON.stringify({ ...start, attributes: 0 }).replace(/0}$/, `{"a":${DEEP}}}`)],
    ['a process that nobody can write again', JSON.stringify({ ...start, process: 0 }).replace('0}', `${PROCESS}}`)],
  ])('calls %s damaged', (_what, line) => {
    expect(parseFact(line)).toBe('damaged');
  });

  it.each([
    ['no time', { at: undefined }],
    ['a time as text', { at: 'noon' }],
    ['a time that no date can hold', { at: 9e15 }],
    ['another source', { source: 'rumour' }],
    ['a span id of another length', { span: 'abc' }],
    ['a span id in capitals', { span: 'A'.repeat(16) }],
    ['a trace id that is none', { trace: 'x'.repeat(32) }],
    ['a name that is no text', { name: 7 }],
    ['another level', { level: 'planet' }],
    ['a parent that is no span id', { parent: '"},' }],
    ['a session that is no text', { session: {} }],
    ['a system that is no text', { system: true }],
    ['another status', { kind: 'end', status: 'superb' }],
    ['a prompt whose origin is no flag', { kind: 'prompt', session: 's', system: 'yes' }],
    ['a prompt about something that is no id', { kind: 'prompt', session: 's', about: [{}] }],
    ['outputs that are no object', { kind: 'end', status: 'completed', outputs: 'all' }],
    ['a failure without words', { kind: 'end', status: 'failed', error: { type: 'Error', message: null } }],
    ['attributes that are a list', { attributes: [1] }],
    ['a checkpoint that is an object', { kind: 'context', checkpoint: {} }],
    ['usage without leaves', { kind: 'usage', self: sum, total: sum }],
    ['more tokens than can be summed', { kind: 'usage', self: sum, total: { ...sum, requests: 1e21 }, leaves: [] }],
    ['tokens that are no numbers', { kind: 'request', id: 'a'.repeat(16), parent: null, model: 'm', tokens: {} }],
  ])('calls a fact with %s damaged', (_what, fact) => {
    expect(parsed(fact)).toBe('damaged');
  });
});
