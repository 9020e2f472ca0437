/** A line of the ledger holds what was written, whatever its texts are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLedgerLine, idOfLine, toLedgerLine } from '../../src/usage/ledger-line.ts';
import { billedRequest, hostileText } from '../helpers/arbitrary-requests.ts';

const options = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) };

describe('a line of the ledger', () => {
  it('gives back what was written, as one line', () => {
    const beside = fc.record({
      prompt: fc.option(hostileText, { nil: undefined }),
      costMicros: fc.option(fc.nat(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(billedRequest(), beside), { minLength: 1, maxLength: 4 }), told => {
        const lines = told.map(([request, more]) => toLedgerLine(request, more));
        for (const [index, line] of lines.entries()) {
          expect(line).not.toContain('\n');
          expect(JSON.parse(line).id).toBe(told[index]?.[0].id);
          const [request, { prompt, costMicros }] = told[index] as (typeof told)[number];
          expect({ prompt: undefined, costMicros: undefined, ...fromLedgerLine(line) }).toEqual({
            request,
            prompt,
            costMicros,
          });
          expect([request.id, null]).toContain(idOfLine(line));
          expect({ ...fromLedgerLine(Buffer.from(line).toString('utf8')) }.request).toEqual(request);
        }
      }),
      options,
    );
  });

  it('that is cut is none, or the same', () => {
    fc.assert(
      fc.property(billedRequest(), fc.nat(), (request, cut) => {
        const line = toLedgerLine(request);
        expect(fromLedgerLine(line.slice(0, cut % line.length))).toBeNull();
      }),
      options,
    );
  });

  it('that is none at all is none', () => {
    const lines = ['', '{}', 'null', '[]', ',"o":', ',"o":{}', '{"id":"a","o":null}', '{"id":"a","o":{"src":9}}', '\0'];
    for (const line of lines) expect([line, fromLedgerLine(line)]).toEqual([line, null]);
  });

  it('with a place, a count or a time that cannot be is none', () => {
    const place = '"o":{"src":0}';
    const odd = ['"o":{"src":{"toString":1}}', '"o":{"src":"0"}'];
    const line = '{"id":"a","at":1,"model":"m","t":[1,0,0,0,0],"f":1';
    expect(fromLedgerLine(`${line},${place}}`)).not.toBeNull();
    for (const other of odd) expect([other, fromLedgerLine(`${line},${other}}`)]).toEqual([other, null]);
    expect(fromLedgerLine(`${line.replace('[1', '[-1')},${place}}`)).toBeNull();
    expect(fromLedgerLine(`${line.replace('"at":1', '"at":1e999')},${place}}`)).toBeNull();
    expect(fromLedgerLine(`${line},"web":1e999,${place}}`)?.request.webSearches).toBe(0);
  });
});
