/** What the transcripts of a session tell of requests: each is told by several copies, of which one counts. */
import type { BilledRequest } from '../usage/billed-request.ts';
import { mergeRequests } from '../usage/merge-requests.ts';
import { type RequestTable, RequestTableBuilder } from '../usage/request-table.ts';
import type { AnswerCopy } from './read-usage.ts';

export class ToldRequests {
  #table = new RequestTableBuilder();
  /** The row of each, by its id. */
  readonly #rows = new Map<string, number>();
  #lastRow = 0;

  /** Those since the last call, in the order in which they were first told. */
  take(): RequestTable {
    const taken = this.#table.build();
    this.#table = new RequestTableBuilder();
    this.#rows.clear();
    return taken;
  }

  /** Returns true if its usage is the one that counts so far. */
  tell(request: BilledRequest): boolean {
    const row = this.#rows.get(request.id);
    if (row === undefined) {
      this.#lastRow = this.#table.add(request);
      this.#rows.set(request.id, this.#lastRow);
      return true;
    }
    this.#lastRow = row;
    return this.#merge(row, this.#table.at(row), request).tokens === request.tokens;
  }

  /** Tells once more of the request that was told last, whose usage counts: all but this is as it was. Returns its session. */
  tellAgain({ at, output, isFinal }: AnswerCopy): string | null {
    const known = this.#table.at(this.#lastRow);
    this.#merge(this.#lastRow, known, { ...known, at, isFinal, tokens: { ...known.tokens, output } });
    return known.owner.session;
  }

  #merge(row: number, known: BilledRequest, told: BilledRequest): BilledRequest {
    const merged = mergeRequests(known, told);
    if (merged !== known) this.#table.set(row, merged);
    return merged;
  }
}
