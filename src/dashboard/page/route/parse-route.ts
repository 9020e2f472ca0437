/** What an address shows. */

export type Route =
  | { view: 'now' }
  | { view: 'runs' }
  | { view: 'run'; id: string }
  | { view: 'usage' }
  | { view: 'health' }
  | { view: 'unknown' };

export function parseRoute(path: string): Route {
  const [first = '', second = '', ...more] = path.split('/').filter(Boolean);
  if (more.length > 0) return { view: 'unknown' };
  if (second !== '') return first === 'runs' ? { view: 'run', id: decoded(second) } : { view: 'unknown' };
  switch (first) {
    case '':
    case 'now':
      return { view: 'now' };
    case 'runs':
    case 'usage':
    case 'health':
      return { view: first };
    default:
      return { view: 'unknown' };
  }
}

export const runPath = (id: string, item?: string | null): string =>
  `/runs/${encodeURIComponent(id)}${item ? `?item=${encodeURIComponent(item)}` : ''}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
