/** One question to the server. */
import { setConnection } from './connection.ts';
import { tokenNow } from './token.ts';

export class AskError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const authorized = (): Record<string, string> => ({ Authorization: `Bearer ${tokenNow() ?? ''}` });

/** Throws AskError: status 0 if there was no answer. */
export async function ask<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(url, { headers: authorized(), ...(signal ? { signal } : {}) }).catch(
    (error: unknown) => {
      if (signal?.aborted) throw error;
      setConnection('lost');
      throw new AskError(0, 'NO_ANSWER', 'The dashboard does not answer.');
    },
  );
  if (response.status === 401) setConnection('unauthorized');
  if (response.ok) return (await response.json()) as T;
  const body = (await response.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null;
  throw new AskError(
    response.status,
    body?.error?.code ?? 'FAILED',
    body?.error?.message ?? `The dashboard answered with status ${response.status}.`,
  );
}

/** `/api/runs` with its parameters; those that are empty are left out. */
export function address(
  path: string,
  query: Record<string, string | number | boolean | null | undefined> = {},
): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '' && value !== false) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}
