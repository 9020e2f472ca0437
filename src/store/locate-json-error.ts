/** Where a text stops being JSON. Node says so only in some versions, and a person needs the line. */

const TOKEN =
  /[ \t\n\r]+|[{}[\],:]|"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing more';

export interface JsonErrorPlace {
  line: number;
  column: number;
  expected: string;
}

/** The first place at which the text is not what JSON has there; null if it is JSON. Lines and columns count from 1. */
export function locateJsonError(text: string): JsonErrorPlace | null {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return placeOf(text, at, expected);
    if (!/^[ \t\n\r]/.test(token)) {
      const next = step(token, expected, open);
      if (next === null) return placeOf(text, at, expected);
      expected = next;
    }
    at += token.length;
  }
  return expected === 'nothing more' ? null : placeOf(text, at, expected);
}

/** What may follow this token, or null if it may not stand here. */
function step(token: string, expected: Expected, open: string[]): Expected | null {
  const ended = (): Expected => (open.length === 0 ? 'nothing more' : ', or end');
  switch (expected) {
    case 'value':
    case 'value or ]':
      if (token === ']' && expected === 'value or ]') {
        open.pop();
        return ended();
      }
      if (token === '{' || token === '[') {
        open.push(token);
        return token === '{' ? 'key or }' : 'value or ]';
      }
      return /^[\]},:]$/.test(token) ? null : ended();
    case 'key':
    case 'key or }':
      if (token === '}' && expected === 'key or }') {
        open.pop();
        return ended();
      }
      return token.startsWith('"') ? ':' : null;
    case ':':
      return token === ':' ? 'value' : null;
    case ', or end': {
      const inObject = open.at(-1) === '{';
      if (token === ',') return inObject ? 'key' : 'value';
      if (token !== (inObject ? '}' : ']')) return null;
      open.pop();
      return ended();
    }
    default:
      return null;
  }
}

function placeOf(text: string, at: number, expected: Expected): JsonErrorPlace {
  const before = text.slice(0, at).split('\n');
  const words = { key: 'a key in double quotes', 'key or }': 'a key in double quotes, or }', ':': 'a colon' };
  return {
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
    expected: expected in words ? words[expected as keyof typeof words] : expected,
  };
}
