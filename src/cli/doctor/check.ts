/** One thing that `doctor` looks at: what was found, and how to mend it. */

export const CHECK_STATUSES = ['ok', 'warning', 'failed', 'skipped'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

export interface Finding {
  status: CheckStatus;
  detail: string;
  /** One line: a command or an edit. Null where nothing is wrong. */
  fix: string | null;
}

export interface Check extends Finding {
  name: string;
}

export const ok = (detail: string): Finding => ({ status: 'ok', detail, fix: null });
export const skipped = (detail: string): Finding => ({ status: 'skipped', detail, fix: null });
export const bad = (status: 'warning' | 'failed', detail: string, fix: string): Finding => ({ status, detail, fix });
