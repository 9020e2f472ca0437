/** Whatever the settings hold and however they are laid out: our hooks go in and out, and nothing else changes. */
import fc from 'fast-check';
import { parse, stripComments } from 'jsonc-parser';
import { expect, it } from 'vitest';
import { hookGroups, isOurHandler } from '../../src/claude-code/hook-entries.ts';
import { withHooks, withoutHooks } from '../../src/claude-code/settings-edit.ts';
import { type Json, layouts, regularLayouts, someSettings } from '../helpers/arbitrary-settings.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const path = '/p/settings.json';
const groups = hookGroups('/x/hooks/spanbook/claude-code.cjs');
const newer = hookGroups('/y/hooks/spanbook/claude-code.cjs', '/state');
const oursOf = (text: string): unknown[] =>
  Object.values((JSON.parse(text) as { hooks: Record<string, { hooks?: unknown[] }[]> }).hooks)
    .flat()
    .filter(group => group?.hooks?.some?.(isOurHandler));
/** What the readers of such files see. */
const read = (text: string): Json => {
  const errors: never[] = [];
  const value = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  expect(errors).toEqual([]);
  return JSON.parse(JSON.stringify(value));
};
const comments = (text: string): string[] => {
  const bare = stripComments(text, ' ');
  return [...text].length === [...bare].length ? text.split('').filter((char, at) => bare[at] !== char) : ['?'];
};

const laidOut = fc
  .tuple(someSettings, layouts)
  .map(([value, show]) => ({ value, text: show(value).replace(/^\uFEFF/, '') }));

it('put in and taken out, the settings say the same, with all their comments', () => {
  fc.assert(
    fc.property(laidOut, ({ value, text }) => {
      const added = withHooks({ path, text }, groups);
      const back = withoutHooks({ path, text: added.text }, added.made);
      expect(read(back)).toEqual(value);
      expect(comments(added.text)).toEqual(comments(text));
      expect(comments(back)).toEqual(comments(text));
    }),
    RUNS,
  );
});

it('each event gets its group once, behind the others, and strict JSON stays strict', () => {
  fc.assert(
    fc.property(laidOut, ({ value, text }) => {
      const added = read(withHooks({ path, text }, groups).text) as { hooks: Record<string, Json[]> };
      const hooks = { ...(value.hooks as Record<string, Json[]> | undefined) };
      for (const [event, group] of groups) hooks[event] = [...(hooks[event] ?? []), group as unknown as Json];
      expect(added).toEqual({ ...value, hooks });
      if (isStrict(text)) JSON.parse(withHooks({ path, text }, groups).text);
    }),
    RUNS,
  );
});

it('put in twice is put in once, and newer ones take the place of older ones', () => {
  fc.assert(
    fc.property(laidOut, ({ text }) => {
      const once = withHooks({ path, text }, groups).text;
      const twice = withHooks({ path, text: once }, groups);
      expect(twice).toEqual({ text: once, made: { hooks: false, events: [] } });
      const renewed = withHooks({ path, text: once }, newer);
      expect(renewed.made).toEqual({ hooks: false, events: [] });
      expect(read(renewed.text)).toEqual(read(withHooks({ path, text }, newer).text));
      expect(oursOf(JSON.stringify(read(renewed.text)))).toHaveLength(groups.size);
    }),
    RUNS,
  );
});

it('in files as editors write them, not even a byte differs afterwards', () => {
  fc.assert(
    fc.property(someSettings, regularLayouts, (value, show) => {
      const text = show(value);
      const { text: added, made } = withHooks({ path, text }, groups);
      expect(withoutHooks({ path, text: added }, made)).toBe(text);
      // What they write is what they would have written.
      if (Object.keys(value).length > 0) expect(added).toBe(show(read(added)));
    }),
    RUNS,
  );
});

function isStrict(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
