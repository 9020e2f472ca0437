/** Errors and warnings by their type. */
import type { NoteEvent } from '../query/event-kinds.ts';

export interface ProblemRow {
  level: 'error' | 'warning';
  type: string;
  count: number;
  /** RFC 3339. */
  last_at: string;
  /** Of the last one. */
  activity: string;
  message: string;
}

export interface ReportProblems {
  errors: number;
  warnings: number;
  /** Errors first, then the most frequent. */
  by_type: ProblemRow[];
}

/** `notes` in the order in which they were seen. */
export function reportProblems(notes: Iterable<NoteEvent>, passes: (note: NoteEvent) => boolean): ReportProblems {
  const rows = new Map<string, ProblemRow>();
  const sums = { error: 0, warning: 0 };
  for (const note of notes) {
    if (note.event_type === 'info' || !passes(note)) continue;
    const level = note.event_type;
    const { type, message } = note.event_type === 'error' ? note.error : note.warning;
    sums[level]++;
    const key = `${level} ${type}`;
    const before = rows.get(key);
    const isLast = !before || note.timestamp >= before.last_at;
    rows.set(key, {
      level,
      type,
      count: (before?.count ?? 0) + 1,
      last_at: isLast ? note.timestamp : before.last_at,
      activity: isLast ? note.activity.name : before.activity,
      message: isLast ? message : before.message,
    });
  }
  const by_type = [...rows.values()].sort(
    (a, b) => (a.level < b.level ? -1 : a.level > b.level ? 1 : 0) || b.count - a.count || (a.type < b.type ? -1 : 1),
  );
  return { errors: sums.error, warnings: sums.warning, by_type };
}
