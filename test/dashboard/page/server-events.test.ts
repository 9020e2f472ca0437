import { describe, expect, it } from 'vitest';
import { serverEventParser } from '../../../src/dashboard/page/net/server-events.ts';

const TEXT = ': beat\n\nretry: 1000\nevent: change\nid: 1\ndata: {"a":1}\n\ndata: x\ndata: y\r\n\r\nevent: none\n\n';
const EVENTS = [
  { event: 'change', data: '{"a":1}' },
  { event: 'message', data: 'x\ny' },
];

describe('serverEventParser', () => {
  it('finds the events of a text', () => {
    expect(serverEventParser()(TEXT)).toEqual(EVENTS);
  });

  it.each([1, 2, 3, 7])('finds them in pieces of %i characters', size => {
    const parse = serverEventParser();
    const found = [];
    for (let at = 0; at < TEXT.length; at += size) found.push(...parse(TEXT.slice(at, at + size)));
    expect(found).toEqual(EVENTS);
  });

  it('waits for the end of an event', () => {
    const parse = serverEventParser();
    expect(parse('data: 1\n')).toEqual([]);
    expect(parse('\n')).toEqual([{ event: 'message', data: '1' }]);
  });
});
