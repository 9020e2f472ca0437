/** Our hooks into the text of Claude Code's settings, and out of it again. Other people's hooks are not touched. */
import { isDeepStrictEqual } from 'node:util';
import { getNodeValue, type Node } from 'jsonc-parser';
import { type HookGroup, isOurHandler } from './hook-entries.ts';
import { append, layoutOf, remove, replace } from './json-splice.ts';
import { parseSettings, valueAt, wrongKind } from './parse-settings.ts';
import { withObject, withoutEmpty } from './settings-objects.ts';

/** What was not there before, and goes again when it becomes empty. */
export interface Made {
  hooks: boolean;
  events: string[];
}

export interface SettingsText {
  /** Named in errors. */
  path: string;
  text: string;
}

/** Handlers of ours in one group of an event. */
interface OurGroup {
  event: string;
  node: Node;
  handlers: Node[];
  /** Nobody else's handler is in it. */
  isWhole: boolean;
}

/** Settings in which each event has its group once, as it should be. Wrong ones of ours are put right where they are. */
export function withHooks(
  settings: SettingsText,
  groups: ReadonlyMap<string, HookGroup>,
): { text: string; made: Made } {
  const { path } = settings;
  check(settings, groups);
  let text = withObject(tidied(settings, groups), path);
  const made: Made = { hooks: false, events: [] };
  for (const [event, group] of groups) {
    const root = parseSettings(text, path);
    if (!root || ourGroups(root).some(ours => ours.event === event)) continue;
    const layout = layoutOf(text, root);
    const hooks = valueAt(root, 'hooks');
    const list = valueAt(hooks, event);
    if (!list) made.events.push(event);
    if (!hooks) made.hooks = true;
    if (list) text = append(text, list, { value: group, layout });
    else if (hooks) text = append(text, hooks, { key: event, value: [group], layout });
    else text = append(text, root, { key: 'hooks', value: { [event]: [group] }, layout });
  }
  return { text, made };
}

/** Settings without any handler of ours, and without what `made` names if it is empty now. Null: that is not known. */
export function withoutHooks({ path, text: given }: SettingsText, made: Made | null): string {
  let text = given;
  const touched: string[] = [];
  for (;;) {
    const [ours] = ourGroups(parseSettings(text, path));
    if (!ours) break;
    touched.push(ours.event);
    text = withoutGroup(text, ours);
  }
  for (const event of made?.events ?? touched) text = withoutEmpty(text, path, ['hooks', event]);
  if (made?.hooks ?? touched.length > 0) text = withoutEmpty(text, path, ['hooks']);
  return text;
}

/** Text that does not name the program need not be parsed, and may be broken. */
export const hasOurHooks = ({ path, text }: SettingsText): boolean =>
  text.includes('claude-code.cjs') && ourGroups(parseSettings(text, path)).length > 0;

/** Takes out what is ours and wrong, or replaces it, until at most one right group is left for each event. */
function tidied({ path, text: given }: SettingsText, groups: ReadonlyMap<string, HookGroup>): string {
  let text = given;
  for (;;) {
    const root = parseSettings(text, path);
    const all = ourGroups(root);
    const keeper = (event: string): OurGroup | undefined => {
      const own = all.filter(ours => ours.event === event);
      return own.find(ours => isRight(ours, groups.get(event))) ?? own.find(ours => ours.isWhole);
    };
    const wrong = all.find(ours => !groups.has(ours.event) || keeper(ours.event) !== ours);
    if (wrong) {
      text = withoutGroup(text, wrong);
      continue;
    }
    const old = all.find(ours => !isRight(ours, groups.get(ours.event)));
    if (!old) return text;
    text = replace(text, old.node, { value: groups.get(old.event), layout: layoutOf(text, root) });
  }
}

function isRight({ node, handlers }: OurGroup, group: HookGroup | undefined): boolean {
  const everything = (matcher: unknown): unknown => (matcher === '' || matcher === '*' ? undefined : matcher);
  const matcher: unknown = valueAt(node, 'matcher')?.value;
  const [handler] = handlers;
  return (
    handlers.length === 1 &&
    handler !== undefined &&
    everything(matcher) === group?.matcher &&
    // Its objects have no prototype, which would count as a difference.
    isDeepStrictEqual({ ...getNodeValue(handler) }, group?.hooks[0])
  );
}

function ourGroups(root: Node | undefined): OurGroup[] {
  const events = valueAt(root, 'hooks');
  if (events?.type !== 'object') return [];
  return (events.children ?? []).flatMap(({ children: [name, list] = [] }) =>
    (list?.type === 'array' ? (list.children ?? []) : []).flatMap(node => {
      const all = valueAt(node, 'hooks')?.children ?? [];
      const handlers = all.filter(handler => isOurHandler(getNodeValue(handler)));
      if (handlers.length === 0) return [];
      return [{ event: String(name?.value), node, handlers, isWhole: handlers.length === all.length }];
    }),
  );
}

function withoutGroup(text: string, { node, handlers, isWhole }: OurGroup): string {
  const [first] = handlers;
  return isWhole || !first ? remove(text, node) : remove(text, first);
}

/** What stands where our hooks go must be what the client expects there. */
function check({ path, text }: SettingsText, groups: ReadonlyMap<string, HookGroup>): void {
  const hooks = valueAt(parseSettings(text, path), 'hooks');
  if (!hooks) return;
  if (hooks.type !== 'object') throw wrongKind(`${path}: hooks`, 'an object', hooks);
  for (const event of groups.keys()) {
    const list = valueAt(hooks, event);
    if (list && list.type !== 'array') throw wrongKind(`${path}: hooks.${event}`, 'an array', list);
  }
}
