/**
 * Puts values into JSON text and takes them out again. Comments, order, white space and line ends of the rest stay as
 * they are. (`modify` of jsonc-parser drops comments and formats whole lines, and breaks `[1,22]` when it removes 22.)
 */
import type { Node } from 'jsonc-parser';

/** How a text is laid out. */
export interface Layout {
  eol: string;
  /** One step of indentation; empty if the whole text stands on one line. */
  step: string;
}

export const endOf = (node: Node): number => node.offset + node.length;

const BREAK = /\r\n|\r|\n/;
const TRIVIA = /(\s+)|(\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)|,/y;

export function layoutOf(text: string, root: Node | undefined): Layout {
  const eol = BREAK.exec(text)?.[0] ?? '\n';
  const first = root?.children?.[0];
  if (!root || !first) return { eol, step: '  ' };
  if (!BREAK.test(text.slice(root.offset, endOf(root)))) return { eol, step: '' };
  return { eol, step: ownIndent(text, first.offset) || '  ' };
}

/** Adds an item to an array, or a property to an object if it has a key, behind what is there. */
export function append(text: string, container: Node, item: { key?: string; value: unknown; layout: Layout }): string {
  const { eol, step } = item.layout;
  const inside = container.offset + 1;
  const close = endOf(container) - 1;
  const base = lineIndent(text, container.offset);
  const last = container.children?.at(-1);
  const indent = (last && ownIndent(text, last.offset)) ?? base + step;
  const key = item.key === undefined ? '' : `${JSON.stringify(item.key)}:${step && ' '}`;
  const piece = key + render(item.value, indent, item.layout);
  const own = step === '' ? piece : eol + indent + piece;
  const ending = step === '' ? '' : eol + base;
  if (!last) {
    const filled = text.slice(0, inside) + text.slice(inside, close).trimEnd();
    return filled + own + ending + text.slice(close);
  }
  const { comma, lineEnd } = follow(text, endOf(last));
  const before =
    comma === null ? `${text.slice(0, endOf(last))},${text.slice(endOf(last), lineEnd)}` : text.slice(0, lineEnd);
  const rest = text.slice(lineEnd);
  const after = step !== '' && /^[ \t]*[\]}]/.test(rest) ? ending + rest.trimStart() : rest;
  return before + own + (comma === null ? '' : ',') + after;
}

/** Puts another value in the place of one. */
export function replace(text: string, node: Node, item: { value: unknown; layout: Layout }): string {
  const piece = render(item.value, lineIndent(text, node.offset), item.layout);
  return text.slice(0, node.offset) + piece + text.slice(endOf(node));
}

/** Takes an item out of its array, or a property out of its object, with its comma and its line. */
export function remove(text: string, node: Node): string {
  const { comma } = follow(text, endOf(node));
  const { parent } = node;
  if (parent?.children?.length === 1) {
    const inside = text.slice(parent.offset + 1, node.offset) + text.slice(endOf(node), endOf(parent) - 1);
    if (/^\s*,?\s*$/.test(inside)) return text.slice(0, parent.offset + 1) + text.slice(endOf(parent) - 1);
  }
  if (comma !== null) return cut(withoutCharacter(text, comma), node.offset, endOf(node), true);
  const siblings = parent?.children ?? [];
  const previous = siblings[siblings.indexOf(node) - 1];
  const before = previous ? follow(text, endOf(previous)).comma : null;
  if (before === null) return cut(text, node.offset, endOf(node), false);
  return cut(withoutCharacter(text, before), node.offset - 1, endOf(node) - 1, false);
}

const withoutCharacter = (text: string, at: number): string => text.slice(0, at) + text.slice(at + 1);

/** Cuts a range out, with its whole line if nothing else stands there, else with the blanks on one side. */
function cut(text: string, from: number, to: number, hadComma: boolean): string {
  const blanksAfter = /^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0;
  const blanksBefore = /[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0;
  const head = text.slice(0, from - blanksBefore);
  const lineBreak = /(\r\n|\r|\n)$/.exec(head)?.[0] ?? '';
  // Only with a line break behind it may the one before it go, because a comment may end there.
  if (/^[\r\n]/.test(text.slice(to + blanksAfter))) {
    return head.slice(0, head.length - lineBreak.length) + text.slice(to);
  }
  if (hadComma || lineBreak !== '') return text.slice(0, from) + text.slice(to + blanksAfter);
  return head + text.slice(to);
}

/** What follows a value: its comma, if it has one, and where the comments end that stand on its line. */
function follow(text: string, from: number): { comma: number | null; lineEnd: number } {
  let comma: number | null = null;
  let lineEnd = from;
  let isSameLine = true;
  TRIVIA.lastIndex = from;
  for (;;) {
    const match = TRIVIA.exec(text);
    if (!match) return { comma, lineEnd };
    const [, space, comment] = match;
    if (space !== undefined) {
      if (BREAK.test(space)) isSameLine = false;
    } else {
      if (comment === undefined) {
        comma = match.index;
        isSameLine = true;
      }
      if (isSameLine) lineEnd = TRIVIA.lastIndex;
    }
  }
}

/** White space at the beginning of the line that a position lies in. */
function lineIndent(text: string, at: number): string {
  const line = text.slice(0, at).split(BREAK).at(-1) ?? '';
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** The same, but undefined if something else stands before the position. */
function ownIndent(text: string, at: number): string | undefined {
  const line = text.slice(0, at).split(BREAK);
  const last = line.at(-1) ?? '';
  return line.length > 1 && /^[ \t]*$/.test(last) ? last : undefined;
}

function render(value: unknown, indent: string, { eol, step }: Layout): string {
  const lines = JSON.stringify(value, null, step).split('\n');
  return lines.join(eol + indent);
}
