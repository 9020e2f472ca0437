/** Usage of what runs, on its way up: requests into their activity, activities that end into what is around them. */
import type { Attributes } from '@opentelemetry/api';
import { ATTR_SUMMARY } from '../attributes.ts';
import type { ActivityLevel, UsageSum } from '../model/fact.ts';
import { addUsage } from '../model/fold-usage.ts';
import { usageAttributes, usageSummary } from '../model/usage-attributes.ts';

/** An activity that runs, or did. */
export interface OpenUsage {
  around: OpenUsage | null;
  isOpen: boolean;
  /** Of the requests directly inside; of activities inside that have ended. */
  self?: UsageSum | undefined;
  below?: UsageSum | undefined;
  /** How many agents have ended below. */
  agents: number;
}

/** For an activity that starts. */
export function beginUsage(around: OpenUsage | null): OpenUsage {
  // Steps that each begin the next one before they end would hold on to each other for ever.
  if (around) around.around = openAround(around.around);
  return { around, isOpen: true, agents: 0 };
}

/** Counts a request; one that comes after the end of its activity goes to what is around that and still runs. */
export function addRequest(activity: OpenUsage | null, usage: UsageSum): void {
  if (activity?.isOpen) activity.self = addUsage(activity.self, usage);
  else addBelow(activity, usage);
}

function addBelow(activity: OpenUsage | null, usage: UsageSum): void {
  const target = openAround(activity);
  if (target) target.below = addUsage(target.below, usage);
}

function openAround(activity: OpenUsage | null): OpenUsage | null {
  let at = activity;
  while (at && !at.isOpen) at = at.around;
  return at;
}

/** Ends an activity: gives the attributes of its span (null if nothing was used), and counts it into what is around it. */
export function endUsage(activity: OpenUsage, level: ActivityLevel): Attributes | null {
  const { around, self, below, agents } = activity;
  activity.isOpen = false;
  const target = openAround(around);
  if (target) target.agents += agents + (level === 'agent' ? 1 : 0);
  const total = below ? addUsage(self, below) : self;
  if (!total) return null;
  if (target) target.below = addUsage(target.below, total);
  return { ...usageAttributes(self, total), [ATTR_SUMMARY]: usageSummary(total, agents) };
}
