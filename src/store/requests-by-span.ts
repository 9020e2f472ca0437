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
  /** The lines that name a span. */
  #placesOf = new Map<string, number[]>();

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
    const told = new Map<number, readonly number[]>();
    for (const place of this.#placesOf.get(span) ?? []) {
      const id = idIn(this.#files.line(place));
      const places = id === undefined ? [] : this.#places.of(id);
      for (const first of places.slice(0, 1)) told.set(first, places);
    }
    return [...told.values()].flatMap(places => {
      const lines = places.map(place => this.#files.line(place));
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
    this.#placesOf = new Map();
  }

  #take(line: string, place: number): void {
    const id = idIn(line);
    if (id === undefined) return;
    this.#places.add(id, place);
    const span = spanOfLine(line);
    this.#onLine(line, span);
    if (span === '') return;
    const places = this.#placesOf.get(span);
    if (places) places.push(place);
    else this.#placesOf.set(span, [place]);
  }
}

const idIn = (line: string): string | undefined => idOfLine(line) ?? fromLedgerLine(line)?.request.id;
