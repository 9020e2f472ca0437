/** The requests of activities, out of the ledger: kept from one question to the next, so that only what is new is read. */
import type { BilledRequest } from '../usage/billed-request.ts';
import { fromLedgerLine, idOfLine, spanOfLine } from '../usage/ledger-line.ts';
import { requestOfTellings } from '../usage/merge-requests.ts';
import type { LedgerCursor } from './ledger.ts';
import { LedgerFiles } from './ledger-files.ts';
import { RequestPlaces } from './request-places.ts';

export class RequestsBySpan {
  readonly #stateDir: string;
  readonly #onLine: (line: string, span: string) => void;
  #files: LedgerFiles;
  #through: LedgerCursor = new Map();
  #places = new RequestPlaces();
  /** Ids of the requests that were told with a span. */
  #idsOf = new Map<string, string[]>();

  /** `onLine` sees every line of the ledger once, or again after a pruning; `span` is empty where none is known. */
  constructor(stateDir: string, onLine: (line: string, span: string) => void = () => {}) {
    this.#stateDir = stateDir;
    this.#onLine = onLine;
    this.#files = new LedgerFiles(stateDir);
  }

  /** Takes in what the ledger has new. */
  refresh(): void {
    // Segments that were pruned are other files under the same names.
    const isSame = [...this.#through.keys()].every(segment => this.#files.isCurrent(segment));
    if (!isSame) this.#begin();
    this.#files.read(this.#through, (line, place) => this.#take(line, place));
  }

  /** What counts of the requests that an activity made itself. */
  of(span: string): BilledRequest[] {
    const keys = new Set((this.#idsOf.get(span) ?? []).map(id => this.#places.keyOf(id)));
    return [...keys].flatMap(key => {
      const lines = this.#places.of(key).map(place => this.#files.line(place));
      const request = requestOfTellings(lines.flatMap(line => fromLedgerLine(line)?.request ?? []));
      return request?.span === span ? [request] : [];
    });
  }

  close(): void {
    this.#files.close();
  }

  #begin(): void {
    this.#files.close();
    this.#files = new LedgerFiles(this.#stateDir);
    this.#through = new Map();
    this.#places = new RequestPlaces();
    this.#idsOf = new Map();
  }

  #take(line: string, place: number): void {
    const id = idOfLine(line) ?? fromLedgerLine(line)?.request.id;
    if (id === undefined) return;
    this.#places.add(this.#places.keyOf(id), place);
    const span = spanOfLine(line);
    this.#onLine(line, span);
    if (span === '') return;
    const ids = this.#idsOf.get(span);
    if (!ids) this.#idsOf.set(span, [id]);
    else if (ids.at(-1) !== id) ids.push(id);
  }
}
