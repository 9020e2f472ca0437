/** Follows what the server says has changed, and comes back when the connection breaks: later each time. */
import type { ChangeEvent } from '../../answers.ts';
import { authorized } from './ask.ts';
import { connectionNow, setConnection } from './connection.ts';
import { serverEventParser } from './server-events.ts';

const FIRST_WAIT_MILLIS = 500;
const MAX_WAIT_MILLIS = 10_000;

/** By `fetch`: an EventSource cannot send the token in a header, and in the address it would be written into logs. */
export async function followChanges(onChange: (change: ChangeEvent | null) => void): Promise<void> {
  let wait = FIRST_WAIT_MILLIS;
  let isFirst = true;
  for (;;) {
    try {
      const response = await fetch('/api/stream', { headers: authorized() });
      if (response.status === 401) {
        setConnection('unauthorized');
      } else if (response.ok && response.body) {
        setConnection('live');
        wait = FIRST_WAIT_MILLIS;
        // What happened in between was missed.
        if (!isFirst) onChange(null);
        isFirst = false;
        await readEvents(response.body, onChange);
      }
    } catch {
      // It is said below.
    }
    if (connectionNow() !== 'unauthorized') setConnection('lost');
    await pause(wait);
    wait = Math.min(MAX_WAIT_MILLIS, wait * 2);
  }
}

async function readEvents(body: ReadableStream<Uint8Array>, onChange: (change: ChangeEvent) => void): Promise<void> {
  const parse = serverEventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const { event, data } of parse(decoder.decode(value, { stream: true }))) {
      if (event === 'change') onChange(JSON.parse(data) as ChangeEvent);
    }
  }
}

const pause = (millis: number): Promise<void> => new Promise(resolve => setTimeout(resolve, millis));
