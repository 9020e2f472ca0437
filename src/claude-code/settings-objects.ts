/** Objects in the text of settings that come and go with what is in them. */
import type { Node } from 'jsonc-parser';
import { endOf, layoutOf, remove } from './json-splice.ts';
import { parseSettings, propertyOf, valueAt } from './parse-settings.ts';

/** The text, with an empty object behind its comments if it has nothing else. */
export function withObject(text: string, path: string): string {
  if (parseSettings(text, path)) return text;
  const { eol } = layoutOf(text, undefined);
  return text.trim() === '' ? `{}${eol}` : `${text.trimEnd()}${eol}{}${eol}`;
}

/** Removes an object or array if there is nothing in it, not even a comment. */
export function withoutEmpty(text: string, path: string, keys: readonly string[]): string {
  const parent = keys.slice(0, -1).reduce<Node | undefined>(valueAt, parseSettings(text, path));
  const property = propertyOf(parent, keys.at(-1) ?? '');
  const value = property?.children?.[1];
  if (!property || !value) return text;
  const isEmpty = value.children?.length === 0 && text.slice(value.offset + 1, endOf(value) - 1).trim() === '';
  return isEmpty ? remove(text, property) : text;
}
