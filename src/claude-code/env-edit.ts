/** Variables into the `env` of Claude Code's settings, and out of it again. Those of others are not touched. */
import type { Node } from 'jsonc-parser';
import { append, layoutOf, remove, replace } from './json-splice.ts';
import { parseSettings, propertyOf, valueAt, wrongKind } from './parse-settings.ts';
import type { SettingsText } from './settings-edit.ts';
import { withObject, withoutEmpty } from './settings-objects.ts';
import { isTelemetryValue, telemetryPort, telemetryVariables } from './telemetry-variables.ts';

/** What was not there before. */
export interface MadeVariables {
  /** The object itself, which goes again when it becomes empty. */
  env: boolean;
  names: string[];
}

/** Settings with these variables. One that is there keeps its value, unless it is one of ours for another port. */
export function withVariables(
  { path, text: given }: SettingsText,
  variables: Readonly<Record<string, string>>,
): { text: string; made: MadeVariables } {
  let text = withObject(given, path);
  const made: MadeVariables = { env: false, names: [] };
  for (const [name, value] of Object.entries(variables)) {
    const root = parseSettings(text, path);
    if (!root) continue;
    const layout = layoutOf(text, root);
    const env = valueAt(root, 'env');
    if (env && env.type !== 'object') throw wrongKind(`${path}: env`, 'an object', env);
    const there = valueAt(env, name);
    if (there) {
      if (isTelemetryValue(name, there.value) && String(there.value) !== value) {
        text = replace(text, there, { value, layout });
      }
      continue;
    }
    made.names.push(name);
    if (!env) made.env = true;
    text = env
      ? append(text, env, { key: name, value, layout })
      : append(text, root, { key: 'env', value: { [name]: value }, layout });
  }
  return { text, made };
}

/**
 * Settings without the variables that `made` names, as far as they are still as we set them, and without an `env` of
 * ours that is empty now. Null: that is not known, and then all four together are taken for ours.
 */
export function withoutVariables({ path, text: given }: SettingsText, made: MadeVariables | null): string {
  let text = given;
  const env = (): Node | undefined => valueAt(parseSettings(text, path), 'env');
  const names = made?.names ?? (telemetryPort(valuesOf(env())) === null ? [] : Object.keys(telemetryVariables(0)));
  let isTouched = false;
  for (const name of names) {
    const property = propertyOf(env(), name);
    if (!property || !isTelemetryValue(name, property.children?.[1]?.value)) continue;
    text = remove(text, property);
    isTouched = true;
  }
  return (made?.env ?? isTouched) ? withoutEmpty(text, path, ['env']) : text;
}

/** Whether there is anything that `withoutVariables` would take out. Other text need not be parsed, and may be broken. */
export const hasVariables = (settings: SettingsText, made: MadeVariables | null): boolean =>
  /OTEL_|CLAUDE_CODE_ENABLE_TELEMETRY/.test(settings.text) && withoutVariables(settings, made) !== settings.text;

const valuesOf = (env: Node | undefined): Record<string, unknown> =>
  Object.fromEntries(
    (env?.type === 'object' ? (env.children ?? []) : []).map(({ children: [key, value] = [] }) => [
      String(key?.value),
      value?.value,
    ]),
  );
