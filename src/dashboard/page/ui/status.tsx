/** How something ended, as a mark with a word: never by colour alone. */
import type { ActivityStatus } from '../../../query/runs/activity-row.ts';

const MARKS: Record<ActivityStatus, string> = {
  running: '●',
  completed: '✓',
  failed: '✕',
  cancelled: '⊘',
  abandoned: '⚠',
};

export const Status = ({ status, isShort = false }: { status: ActivityStatus; isShort?: boolean }) => (
  <span class={`status status-${status}`} title={status}>
    <span class="mark" aria-hidden="true">
      {MARKS[status] ?? '?'}
    </span>
    <span class={isShort ? 'sr-only' : ''}>{status}</span>
  </span>
);

/** Errors and warnings; nothing if there are none. */
export const Problems = ({ errors, warnings }: { errors: number; warnings: number }) => (
  <>
    {errors > 0 && (
      <span class="badge badge-error" title={`${errors} ${errors === 1 ? 'error' : 'errors'}`}>
        {errors}
        <span class="sr-only"> {errors === 1 ? 'error' : 'errors'}</span>
      </span>
    )}
    {warnings > 0 && (
      <span class="badge badge-warning" title={`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}>
        {warnings}
        <span class="sr-only"> {warnings === 1 ? 'warning' : 'warnings'}</span>
      </span>
    )}
  </>
);

const KIND_WORDS: Record<string, string> = { chat: 'request' };

/** `agent`, `skill`, `request`: a dot in the colour of the kind, with its word. */
export const Kind = ({ kind }: { kind: string }) => (
  <span class="kind">
    <span class={`dot kind-${kind}`} aria-hidden="true" />
    {KIND_WORDS[kind] ?? kind}
  </span>
);

export const kindWord = (kind: string): string => KIND_WORDS[kind] ?? kind;
