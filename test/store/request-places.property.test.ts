/** A table of hashes says what a map of ids would. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestPlaces } from '../../src/store/request-places.ts';
import { hashesOf } from '../../src/usage/request-hash.ts';
import { isOtlpId, otlpIdOf, requestIdOf } from '../../src/usage/request-id.ts';
import { hostileText } from '../helpers/arbitrary-requests.ts';

const numRuns = Number(process.env.PROPERTY_RUNS ?? 1000);

/** By the id of the first who told; what OTLP told is the transcript's once one has told. */
class Model {
  readonly places = new Map<string, number[]>();

  keyOf(id: string): string {
    const request = requestIdOf(id);
    if (this.places.has(id) || request === '') return id;
    const otlp = otlpIdOf(request);
    if (!isOtlpId(id)) return this.places.has(otlp) ? otlp : id;
    return [...this.places.keys()].find(known => requestIdOf(known) === request) ?? id;
  }

  add(id: string, place: number): void {
    const key = this.keyOf(id);
    const known = this.places.get(key) ?? [];
    if (isOtlpId(key) && !isOtlpId(id)) this.places.delete(key);
    this.places.set(isOtlpId(id) ? key : id, [...known, place]);
  }

  of = (id: string): number[] => this.places.get(this.keyOf(id)) ?? [];
}

/** Requests of one message each, as the client has them. */
const id = fc.oneof(
  { weight: 6, arbitrary: fc.nat(8).map(n => `msg_${n}:req_${n}`) },
  { weight: 4, arbitrary: fc.nat(8).map(n => `otlp:req_${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('msg_1:', ':', 'otlp:', '', 'msg_1', 'msg_1:req_1#1', 'otlp:req_1#1') },
  { weight: 1, arbitrary: hostileText.filter(text => !text.includes(':')) },
);

describe('where the ledger tells of each request', () => {
  it('is found by every id that it was told under', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 30 }), told => {
        const table = new RequestPlaces();
        const model = new Model();
        for (const [index, [one, isNew]] of told.entries()) {
          const place = 2 ** 33 + 1000 * index;
          expect(table.has(one)).toBe(model.of(one).length > 0);
          const hashes = hashesOf(['other:x', one]);
          expect(table.hasAny(hashesOf([one]))).toBe(table.has(one));
          const addNew = () => (index % 2 === 0 ? table.addNew(one, place) : table.addNewOf(hashes, 1, place));
          if (isNew && model.of(one).length > 0) {
            expect(addNew()).toBe(false);
            continue;
          }
          if (isNew) expect(addNew()).toBe(true);
          else table.add(one, place);
          model.add(one, place);
          for (const [other] of told) {
            expect([other, table.of(other)]).toEqual([other, model.of(other)]);
            const key = model.keyOf(other);
            expect([other, table.isJoined(other)]).toEqual([other, isOtlpId(other) && key !== other]);
          }
        }
        const lists = [...model.places.values()].sort(([a = 0], [b = 0]) => a - b);
        expect(table.all()).toEqual(lists);
      }),
      { numRuns },
    );
  });

  it('tells ids apart that differ little', () => {
    const table = new RequestPlaces();
    const count = 100_000;
    const kinds = [
      (n: number) => `msg_${n}:req_${n}`,
      (n: number) => `msg_1:req_x${n}`,
      (n: number) => `${n}`,
      (n: number) => `msg_${n}:req_same`,
      (n: number) => `${'\0'.repeat(1 + (n % 300))}${n}`,
      (n: number) => `msg_${n}:req_${n}#1`,
    ];
    let added = 0;
    for (const [kind, idOf] of kinds.entries()) {
      for (let n = 0; n < count; n++) if (table.addNew(idOf(n), 1 + kind * count + n)) added++;
    }
    expect(added).toBe(kinds.length * count);
    expect(kinds.map(idOf => table.of(idOf(4711)))).toEqual(kinds.map((_, kind) => [1 + kind * count + 4711]));
  });
});
