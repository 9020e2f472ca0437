/** What the journal tells the ledger: model requests that programs reported with their spans, and that something ended. */
import { fileSize, forEachBlock } from './journal/read-blocks.ts';
import { listSegments, segmentPath } from './journal/segments.ts';
import type { LedgerCursor } from './store/ledger.ts';

const REQUEST_KEY = '"kind":"request"';

/** Facts that end an activity of Claude Code, or may. */
const ENDING = /"kind":"(?:stop|stop_failure|agent_end|agent_return|skill_call|prompt|session_end|session_start|lost)"/;

export interface JournalNews {
  /** Lines that may tell of requests. */
  requests: string[];
  /** What activities used may be told now. */
  hasEnds: boolean;
}

/** What was not read before; moves the cursor behind it. */
export function readJournalNews(stateDir: string, through: LedgerCursor): JournalNews {
  const news: JournalNews = { requests: [], hasEnds: false };
  for (const segment of listSegments(stateDir)) {
    const path = segmentPath(stateDir, segment);
    const before = through.get(segment) ?? 0;
    // Shorter than what was read: another journal took its place.
    let offset = fileSize(path) < before ? 0 : before;
    forEachBlock(path, offset, (text, bytes) => {
      for (let at = text.indexOf(REQUEST_KEY); at >= 0; at = text.indexOf(REQUEST_KEY, at)) {
        const end = text.indexOf('\n', at);
        news.requests.push(text.slice(text.lastIndexOf('\n', at) + 1, end));
        at = end;
      }
      news.hasEnds ||= ENDING.test(text);
      offset += bytes;
      return true;
    });
    through.set(segment, offset);
  }
  return news;
}
