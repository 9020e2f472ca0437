/** Whatever the settings hold and however they are laid out: our variables go in and out, and nothing else changes. */
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { expect, it } from 'vitest';
import { withoutVariables, withVariables } from '../../src/claude-code/env-edit.ts';
import { hookGroups } from '../../src/claude-code/hook-entries.ts';
import { withHooks, withoutHooks } from '../../src/claude-code/settings-edit.ts';
import { telemetryVariables } from '../../src/claude-code/telemetry-variables.ts';
import { type Json, layouts, regularLayouts, someSettings } from '../helpers/arbitrary-settings.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const path = '/p/settings.json';
const variables = telemetryVariables(4319);
const groups = hookGroups('/x/hooks/spanbook/claude-code.cjs');
const read = (text: string): Json => {
  const errors: never[] = [];
  const value = parse(text, errors, { allowTrailingComma: true });
  expect(errors).toEqual([]);
  return JSON.parse(JSON.stringify(value));
};
const laidOut = fc
  .tuple(someSettings, layouts)
  .map(([value, show]) => ({ value, text: show(value).replace(/^\uFEFF/, '') }));

it('put in and taken out, the settings say the same, also around our hooks', () => {
  fc.assert(
    fc.property(laidOut, fc.boolean(), fc.boolean(), ({ value, text }, hooksFirst, hooksOutFirst) => {
      const first = hooksFirst ? withHooks({ path, text }, groups) : { text, made: undefined };
      const env = withVariables({ path, text: first.text }, variables);
      const hooks = hooksFirst ? { text: env.text, made: first.made } : withHooks({ path, text: env.text }, groups);
      const unhooked = (from: string): string => withoutHooks({ path, text: from }, hooks.made ?? null);
      const unset = (from: string): string => withoutVariables({ path, text: from }, env.made);
      const back = hooksOutFirst ? unset(unhooked(hooks.text)) : unhooked(unset(hooks.text));
      expect(read(back)).toEqual(value);
    }),
    RUNS,
  );
});

it('what is missing is added behind the others, what is there keeps its value', () => {
  fc.assert(
    fc.property(laidOut, ({ value, text }) => {
      const { text: added, made } = withVariables({ path, text }, variables);
      const own = value.env as Record<string, Json> | undefined;
      expect(read(added)).toEqual({ ...value, env: { ...variables, ...own } });
      expect(made.names).toEqual(Object.keys(variables).filter(name => !Object.hasOwn(own ?? {}, name)));
      expect(made.env).toBe(own === undefined && made.names.length > 0);
      expect(withVariables({ path, text: added }, variables)).toEqual({ text: added, made: { env: false, names: [] } });
    }),
    RUNS,
  );
});

it('in files as editors write them, not even a byte differs afterwards', () => {
  fc.assert(
    fc.property(someSettings, regularLayouts, (value, show) => {
      const text = show(value);
      const { text: added, made } = withVariables({ path, text }, variables);
      expect(withoutVariables({ path, text: added }, made)).toBe(text);
      if (Object.keys(value).length > 0) expect(added).toBe(show(read(added)));
    }),
    RUNS,
  );
});
