/** The same as `read-usage.ts`, at once and in this thread. */
import { answerOf, lookAt, orElsewhere, type ReadUsageOptions, type UsageRead } from './read-usage.ts';
import { UsageUpdate } from './usage-update.ts';

export function readUsage(options: ReadUsageOptions): UsageRead {
  return orElsewhere(options, where => {
    const look = lookAt(where);
    try {
      if (!look.hasNews) return answerOf(where, look, null);
      const update = new UsageUpdate(look);
      update.scan(update.begin());
      return answerOf(where, look, update.finish());
    } finally {
      look.close();
    }
  });
}
