/** Parses the settings of Claude Code with the place of everything in them, and says where they are wrong. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { SpanbookError } from '../errors.ts';

/**
 * The outermost object; undefined if there is nothing but white space and comments.
 *
 * @throws SpanbookError `BAD_SETTINGS` that names file, line and column.
 */
export function parseSettings(text: string, path: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = treeOf(text, errors, path);
  const isEmpty = root === undefined && errors.every(({ error }) => printParseErrorCode(error) === 'ValueExpected');
  const [first] = errors;
  if (first && !isEmpty) {
    const before = text.slice(0, first.offset).split(/\r\n|\r|\n/);
    const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
    const what = printParseErrorCode(first.error)
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase();
    throw new SpanbookError('BAD_SETTINGS', `${path}: expected JSON, got a mistake at ${place}: ${what}`);
  }
  if (root && root.type !== 'object') throw wrongKind(path, 'an object', root);
  return root;
}

function treeOf(text: string, errors: ParseError[], path: string): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (cause) {
    // The parser goes down one call for each level, and there are files with more of them than calls.
    if (!(cause instanceof RangeError)) throw cause;
    throw new SpanbookError('BAD_SETTINGS', `${path}: expected settings, got JSON with thousands of levels`, { cause });
  }
}

/** The value of a key. Where a key stands twice, readers of JSON take the last, and so does this. */
export const valueAt = (object: Node | undefined, key: string): Node | undefined =>
  propertyOf(object, key)?.children?.[1];

export const propertyOf = (object: Node | undefined, key: string): Node | undefined =>
  object?.type === 'object'
    ? object.children?.findLast(({ children }) => children?.[0]?.value === key && children[1] !== undefined)
    : undefined;

export const wrongKind = (subject: string, expected: string, got: Node): SpanbookError =>
  new SpanbookError(
    'BAD_SETTINGS',
    `${subject}: expected ${expected}, got ${got.type === 'null' ? 'null' : `${/^[aeo]/.test(got.type) ? 'an' : 'a'} ${got.type}`}`,
  );
