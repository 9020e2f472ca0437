/** Bytes of a terminal → keys by name. A letter is its own name. */

export interface DecodedKeys {
  keys: string[];
  /** The beginning of a sequence: more of it may come; alone it is the key Escape. */
  rest: string;
}

const ESC = '\x1b';

const SEQUENCES: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '4~': 'end',
  '5~': 'pageup',
  '6~': 'pagedown',
  '7~': 'home',
  '8~': 'end',
};

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x0c': 'ctrl-l',
  '\x15': 'ctrl-u',
  '\x1a': 'ctrl-z',
};

/** What no letter stands for and nobody asked for is passed over. */
export function decodeKeys(input: string): DecodedKeys {
  const keys: string[] = [];
  let at = 0;
  while (at < input.length) {
    if (input[at] === ESC) {
      const sequence = /^\x1b(?:[[O]([0-9;:<=>?]*[ -/]*)([@-~]))/.exec(input.slice(at, at + 32));
      if (sequence) {
        const [all, parameters = '', final = ''] = sequence;
        const name = SEQUENCES[final === '~' ? `${parameters.split(';')[0]}~` : final];
        if (name) keys.push(name);
        at += all.length;
        continue;
      }
      if (/^\x1b(?:[[O][0-9;:<=>?]*[ -/]*)?$/.test(input.slice(at))) return { keys, rest: input.slice(at) };
      keys.push('escape');
      at++;
      continue;
    }
    const character = String.fromCodePoint(input.codePointAt(at) ?? 0);
    at += character.length;
    const name = CONTROLS[character] ?? (character < ' ' ? null : character);
    if (name) keys.push(name);
  }
  return { keys, rest: '' };
}

/** What an unfinished sequence is when nothing more comes. */
export const settleKeys = (rest: string): string[] =>
  rest === '' ? [] : ['escape', ...[...rest.slice(1)].filter(character => character >= ' ')];
