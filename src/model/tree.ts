/** Parents and places: who hangs under whom, and what must be written anew when that changes. */
import type { Activity, Note, Place } from './activity.ts';
import { type FoldState, isBefore } from './state.ts';

const isActivity = (item: Activity | Note): item is Activity => 'span' in item;

/** Hangs an item under its parent, or lets it wait as an orphan (shown at the top) until the parent is seen. */
export function attach(state: FoldState, item: Activity | Note): void {
  if (item.parent === null) return;
  const parent = state.activities.get(item.parent);
  if (!parent) {
    const waiting = state.orphans.get(item.parent);
    if (waiting) waiting.push(item);
    else state.orphans.set(item.parent, [item]);
    // A parent that is archived stays there: its children stand at the top.
    isBefore(state, item.parent);
    return;
  }
  if (!isActivity(item)) {
    if (parent.notes) parent.notes.push(item);
    else parent.notes = [item];
    return;
  }
  if (isInside(state, parent, item.span)) {
    // A writer named a descendant as the parent: a tree has no circles, so the later link is dropped.
    item.parent = null;
    return;
  }
  if (parent.children) parent.children.push(item.span);
  else parent.children = [item.span];
}

function isInside(state: FoldState, start: Activity, span: string): boolean {
  let at: Activity | undefined = start;
  while (at) {
    if (at.span === span) return true;
    at = at.parent === null ? undefined : state.activities.get(at.parent);
  }
  return false;
}

function detach(state: FoldState, item: Activity | Note): void {
  if (item.parent === null) return;
  const waiting = state.orphans.get(item.parent);
  if (waiting) remove(waiting, item);
  const parent = state.activities.get(item.parent);
  if (!parent) return;
  if (isActivity(item)) remove(parent.children ?? [], item.span);
  else remove(parent.notes ?? [], item);
}

/** Removes the last occurrence, which is where a recent item stands. */
export function remove<T>(list: T[], item: T): void {
  const index = list.lastIndexOf(item);
  if (index >= 0) list.splice(index, 1);
}

/** Moves an item under another parent. */
export function setParent(state: FoldState, item: Activity | Note, parent: string | null): void {
  if (item.parent === parent) return;
  const before = item.parent === null ? undefined : state.activities.get(item.parent);
  detach(state, item);
  item.parent = parent;
  attach(state, item);
  changed(state, item);
  const after = item.parent === null ? undefined : state.activities.get(item.parent);
  if (before) touchEndsAbove(state, before);
  if (after) touchEndsAbove(state, after);
}

/** Everything that waited for this span hangs under it from now on. */
export function adoptOrphans(state: FoldState, span: string): void {
  if (state.waitedFor.has(span)) state.reachesBack = true;
  const waiting = state.orphans.get(span);
  if (!waiting) return;
  state.orphans.delete(span);
  for (const item of waiting) {
    attach(state, item);
    changed(state, item);
  }
  const adopter = state.activities.get(span);
  if (adopter) touchEndsAbove(state, adopter);
}

/** Totals of usage may have changed: the ends of an activity and of all above it are to be written anew. */
export function touchEndsAbove(state: FoldState, activity: Activity): void {
  for (
    let at: Activity | undefined = activity;
    at;
    at = at.parent === null ? undefined : state.activities.get(at.parent)
  ) {
    if (at.end) touch(state, at.endSlot, at);
  }
}

/** Everything that waited for `from` waits for, or hangs under, `to` from now on. */
export function repointOrphans(state: FoldState, from: string, to: string): void {
  if (state.waitedFor.has(from)) state.reachesBack = true;
  const waiting = state.orphans.get(from);
  if (!waiting || from === to) return;
  state.orphans.delete(from);
  for (const item of waiting) {
    item.parent = to;
    attach(state, item);
    changed(state, item);
  }
  const adopter = state.activities.get(to);
  if (adopter) touchEndsAbove(state, adopter);
}

/** Name, parent or label of an item changed: its events and those of all below it are to be written anew. */
export function changed(state: FoldState, item: Activity | Note): void {
  if (!isActivity(item)) {
    touch(state, item.slot);
    return;
  }
  const stack: Activity[] = [item];
  for (let at = stack.pop(); at; at = stack.pop()) {
    at.place = undefined;
    touch(state, at.startSlot, at);
    if (at.end) touch(state, at.endSlot, at);
    for (const note of at.notes ?? []) touch(state, note.slot);
    for (const span of at.children ?? []) {
      const child = state.activities.get(span);
      if (child) stack.push(child);
    }
  }
}

/** The event at a position is to be rendered anew. `owner`: the activity that it tells of. */
export function touch(state: FoldState, slot: number, owner?: Activity): void {
  if (slot >= 0) {
    state.touched.add(slot);
    return;
  }
  state.reachesBack = true;
  if (owner) state.reached.add(owner);
}

/** The place of an activity in its tree. */
export function placeOf(state: FoldState, activity: Activity): Place {
  if (activity.place) return activity.place;
  const parent = activity.parent === null ? undefined : state.activities.get(activity.parent);
  const own = activity.context;
  const above = parent && placeOf(state, parent);
  const place: Place = {
    depth: above ? above.depth + 1 : 0,
    path: parent && above ? pathBelow(parent, above) : '',
    trace: above && !activity.ownsTrace ? above.trace : activity.trace,
    stage: activity.stage ?? above?.stage ?? own.stage,
    system: activity.system ?? above?.system ?? own.system,
    checkpoint: own.checkpoint,
    parentKnown: above !== undefined,
  };
  activity.place = place;
  return place;
}

/** JSON of the path that the children of an activity have, without the brackets. */
export function pathBelow(activity: Activity, place: Place): string {
  const name = JSON.stringify(activity.name);
  return place.path === '' ? name : `${place.path},${name}`;
}
