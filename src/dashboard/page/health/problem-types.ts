/** Errors and warnings, counted by their type. */
import type { Problems } from '../../../query/list-errors.ts';

export interface ProblemType {
  type: string;
  level: 'error' | 'warning';
  count: number;
  last: { message: string; at: string; owner: string | null };
}

/** The most frequent first, errors before warnings. */
export function problemTypes({ errors, warnings }: Problems): ProblemType[] {
  const found = new Map<string, ProblemType>();
  const add = (level: ProblemType['level'], type: string, last: ProblemType['last']): void => {
    const key = `${level} ${type}`;
    const known = found.get(key);
    if (!known) found.set(key, { type, level, count: 1, last });
    else {
      known.count++;
      if (last.at > known.last.at) known.last = last;
    }
  };
  for (const { error, timestamp, parent_event_id } of errors) {
    add('error', error.type, { message: error.message, at: timestamp, owner: parent_event_id });
  }
  for (const { warning, timestamp, parent_event_id } of warnings) {
    add('warning', warning.type, { message: warning.message, at: timestamp, owner: parent_event_id });
  }
  return [...found.values()].sort(
    (a, b) => Number(a.level === 'warning') - Number(b.level === 'warning') || b.count - a.count,
  );
}
