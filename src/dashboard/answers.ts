/** What the page asks for beside what commands answer: one answer a view, so that a view needs no second question. */
import type { Burn } from '../live/live-requests.ts';
import type { Bottlenecks } from '../query/analysis/critical-path.ts';
import type { PipelineStatus } from '../query/get-status.ts';
import type { ActivityNode } from '../query/runs/activity-tree.ts';
import type { RunList, RunOrder } from '../query/runs/list-runs.ts';
import type { RunRow } from '../query/runs/run-row.ts';
import type { TimelineItem, TimelineNote } from '../query/runs/run-timeline.ts';
import type { ContentPlace } from '../query/show-activity.ts';
import type { Alert } from '../usage/alert.ts';
import type { BudgetRow } from '../usage/budget-row.ts';

/** `GET /api/now` */
export interface NowAnswer {
  status: PipelineStatus;
  /** Runs that are open, the oldest first, with all below them. */
  running: ActivityNode[];
  /** The last runs that have ended, the newest first. */
  recent: RunRow[];
  /** What the last minute and the last five used. */
  burn: { one: Burn; five: Burn };
  /** Of the day that it is here; null before usage was read. */
  today: { cost: number; tokens: number; requests: number; unpriced_tokens: number } | null;
  /** Of the last day, the newest first. */
  alerts: Alert[];
  budgets: BudgetRow[];
  /** Errors and warnings, the newest first, at most 20. */
  problems: (TimelineNote & { run_id: string | null; activity: string })[];
  /** False while older history is still read. */
  is_whole: boolean;
}

/** `GET /api/runs?search&status&stage&command&agent&skill&model&session&problems&min_cost&max_cost&min_duration_ms&since&until&order&ascending&offset&limit` */
export interface RunsAnswer extends RunList {
  /** Commands that were ever recorded here, also those that are not read yet. */
  total_commands: number;
  is_whole: boolean;
  order: RunOrder;
}

/** `GET /api/facets`: what runs can be filtered by, the most frequent first. */
export interface FacetsAnswer {
  commands: Facet[];
  agents: Facet[];
  skills: Facet[];
  stages: Facet[];
  statuses: Facet[];
  /** Ids of models. */
  models: string[];
}

export interface Facet {
  name: string;
  runs: number;
}

/** `GET /api/runs/{event_id}`: of any activity, the run that it stands in. */
export interface RunAnswer {
  run: RunRow;
  /** The activity that was asked for. */
  event_id: string;
  /** The waterfall: activities, requests, tools and waits, each before what is below it. */
  items: TimelineItem[];
  critical_path: Bottlenecks;
  /** Null: prompts and results are not kept; here is who keeps them. */
  content: ContentPlace;
  /** Address of the trace in Jaeger; null if the settings name no place. */
  jaeger_url: string | null;
  /** True: requests and tools are known. They come from transcripts. */
  has_leaves: boolean;
}

/** `GET /api/config` */
export interface ConfigAnswer {
  version: string;
  state_dir: string;
  time_zone: string;
  /** Where traces are shown; null if the settings name no endpoint. */
  jaeger_url: string | null;
}

/** An event of `GET /api/stream`: something changed; whoever shows something asks again. */
export interface ChangeEvent {
  version: number;
  running: number;
}
