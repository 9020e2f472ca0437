/** A transcript → its records, each parsed as a whole: slower than what usage needs, for those who need more of them. */
import { statSync } from 'node:fs';
import { answerOf } from './answer.ts';
import { object, type Payload } from './payload.ts';
import { forEachLine } from './read-lines.ts';
import type { UsageVisitor } from './read-usage.ts';
import type { TranscriptObserver } from './session-usage.ts';

/**
 * Reads from an offset on.
 *
 * @returns the offset behind the last line that is whole.
 * @throws a system error if the file cannot be read.
 */
export function readWholeRecords(
  observer: Pick<TranscriptObserver, 'onFile'>,
  path: string,
  from: number,
  visitor: UsageVisitor,
): number {
  observer.onFile(path);
  let offset = from;
  const { size } = statSync(path);
  const tooLong = forEachLine(
    path,
    (bytes, start, end, behind) => {
      const record = parsed(bytes.toString('utf8', start, end));
      // Its writer is at work on it.
      if (!record && behind === null) return;
      offset = behind ?? size;
      if (!record) visitor.onDamaged();
      else if (record.type === 'assistant') visitor.takeAnswer(answerOf(record));
      else visitor.take(record);
    },
    from,
  );
  for (let line = 0; line < tooLong; line++) visitor.onDamaged();
  return offset;
}

function parsed(line: string): Payload | null {
  try {
    return object(JSON.parse(line));
  } catch {
    return null;
  }
}
