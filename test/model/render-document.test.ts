/** A renderer that goes on writes the same as one that begins: whatever a late fact changes is written anew. */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { DocumentRenderer } from '../../src/model/render-document.ts';
import { clientFacts } from '../helpers/client-facts.ts';
import { foldFacts, renderText } from '../helpers/fold-facts.ts';
import { makeNote, makeRequest, makeStart } from '../helpers/script-facts.ts';

/** More notes than a block of events holds, so that what stands before and after lies in different blocks. */
const fill = (from: number): Fact[] => Array.from({ length: 300 }, (_, i) => makeNote(from + i, { parent: null }));

describe('DocumentRenderer', () => {
  const fact = clientFacts();
  const failure = fact('tool_failure', { agent: 'x1', tool_use: 't9', name: 'Bash', message: 'no' });
  const cases: [string, Fact[], Fact][] = [
    ['the name of a command', [fact('prompt'), ...fill(1000), failure], fact('command', { name: 'ship' })],
    [
      'the start of an agent',
      [failure, ...fill(1000), fact('prompt')],
      fact('agent_start', { agent: 'x1', name: 'b' }),
    ],
    ['a later stop', [fact('prompt'), ...fill(1000), fact('stop'), ...fill(2000)], fact('stop')],
    ['a request', [makeStart(1), makeStart(2), ...fill(1000)], makeRequest(7, 2, 5)],
  ];
  it.each(cases)('writes %s into every event that it changes', (_what, before, late) => {
    const own = fact('tool_failure', { tool_use: 't8', name: 'Bash', message: 'no' });
    const first = [...before, own, ...fill(3000)];
    const renderer = new DocumentRenderer();
    const state = foldFacts(first);
    renderer.render(state, []);
    foldFacts([late], state);
    expect(renderText(state, renderer)).toBe(renderText(foldFacts([...first, late])));
  });
});
