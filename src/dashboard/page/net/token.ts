/** The token that the address brings: kept for this origin, and taken out of the address, so that nobody copies it. */

const KEY = 'spanbook-token';

export function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    keepToken(given);
    history.replaceState(history.state, '', location.pathname + location.search);
    return given;
  }
  return read();
}

export function keepToken(token: string): void {
  current = token;
  try {
    localStorage.setItem(KEY, token);
  } catch {
    // A browser that keeps nothing still shows this page.
  }
}

export const tokenNow = (): string | null => current ?? read();

let current: string | null = null;

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
