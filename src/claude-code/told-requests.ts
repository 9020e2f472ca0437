/** What the transcripts of a session tell of requests: each is told by several copies, of which one counts. */
import type { BilledRequest } from '../usage/billed-request.ts';
import { mergeRequests } from '../usage/merge-requests.ts';
import { type RequestTable, RequestTableBuilder } from '../usage/request-table.ts';

export class ToldRequests {
  #table = new RequestTableBuilder();
  /** The row of each, by its id. */
  readonly #rows = new Map<string, number>();

  /** Those since the last call, in the order in which they were first told. */
  take(): RequestTable {
    const taken = this.#table.build();
    this.#table = new RequestTableBuilder();
    this.#rows.clear();
    return taken;
  }

  tell(request: BilledRequest): void {
    const row = this.#rows.get(request.id);
    if (row === undefined) {
      this.#rows.set(request.id, this.#table.add(request));
      return;
    }
    const known = this.#table.at(row);
    const merged = mergeRequests(known, request);
    if (merged !== known) this.#table.set(row, merged);
  }
}
