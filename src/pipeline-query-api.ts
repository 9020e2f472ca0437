/** The queries of the command line for programs: the same answers, in camelCase. */
import { SpanbookError } from './errors.ts';
import type { PipelineEvent, PipelineStatistics } from './model/document-schema.ts';
import { type ActivityDurations, activityDurations } from './query/analysis/activity-durations.ts';
import type { ActivityLevel } from './query/analysis/activity-kind.ts';
import { type Comparison, comparePeriods } from './query/analysis/compare-periods.ts';
import { type Bottlenecks, findBottlenecks } from './query/analysis/critical-path.ts';
import { documentTable } from './query/analysis/document-table.ts';
import { type Anomalies, findAnomalies } from './query/analysis/find-anomalies.ts';
import { findRun, lastRun } from './query/analysis/find-run.ts';
import { buildHierarchy, type HierarchyNode } from './query/build-hierarchy.ts';
import { type CamelCased, camelCase } from './query/camel-case.ts';
import { type EventFilter, filterEvents, oldestOf } from './query/filter-events.ts';
import { type FoundNode, findNode } from './query/find-node.ts';
import { getStatus, type PipelineStatus } from './query/get-status.ts';
import { listActive, type RunningActivity } from './query/list-active.ts';
import { listErrors, type Problems } from './query/list-errors.ts';
import { summarize } from './query/summarize.ts';
import { summaryText } from './query/summary-text.ts';
import { readDocumentHead, readHistory } from './store/read-document.ts';
import { findStateDir } from './store/state-dir.ts';
import { type TimeArgument, timeOfArgument } from './time-of-argument.ts';
import { localCalendar } from './usage/local-calendar.ts';

export interface PipelineQueryApiOptions {
  /** The state folder. Default: as the command line finds it (`SPANBOOK_STATE_DIR`, else `state/` of the project). */
  stateDir?: string;
}

export interface AnalysisQuery {
  /** From then on, up to but without then. Of durations the start counts, of anomalies the end. */
  since?: TimeArgument;
  until?: TimeArgument;
  /** Only commands, agents, skills or checkpoints. */
  level?: ActivityLevel;
}

/**
 * Answers about the pipeline of a state folder. Every answer is exact at the time of the call: a document that is
 * behind its journal is brought up to date first. Nothing is kept between calls.
 *
 * @example
 * const api = new PipelineQueryApi({ stateDir: 'state' });
 * if (api.getStatus().pipelineStatus === 'running') console.log(api.getActiveActivities());
 */
export class PipelineQueryApi {
  readonly #stateDir: string;

  constructor(options: PipelineQueryApiOptions = {}) {
    this.#stateDir = findStateDir({ given: options.stateDir, env: process.env, cwd: process.cwd() }).path;
  }

  /** Status, context and statistics of the pipeline. Reads the head of the document only. */
  getStatus(): CamelCased<PipelineStatus> {
    return camelCase(getStatus(readDocumentHead(this.#stateDir, ignore)));
  }

  /** What is open now, in the order of the starts. Reads the head of the document only. */
  getActiveActivities(): CamelCased<RunningActivity[]> {
    return camelCase(listActive(readDocumentHead(this.#stateDir, ignore), Date.now()));
  }

  /** Events in the order of the journal, archives included. */
  getEvents(filter: EventFilter = {}): CamelCased<PipelineEvent[]> {
    const now = Date.now();
    return camelCase(filterEvents(readHistory(this.#stateDir, ignore, oldestOf(filter, now)).events, filter, now));
  }

  /** The whole tree. */
  getEventHierarchy(): CamelCased<HierarchyNode[]>;
  /**
   * The activity of this event with what is below it, and its ancestors from the top down.
   *
   * @throws SpanbookError `NOT_FOUND` if no event has this id.
   */
  getEventHierarchy(eventId: string): CamelCased<FoundNode>;
  getEventHierarchy(eventId?: string): CamelCased<HierarchyNode[]> | CamelCased<FoundNode> {
    const document = readHistory(this.#stateDir, ignore);
    const hierarchy = buildHierarchy(document, Date.now());
    if (eventId === undefined) return camelCase(hierarchy.roots);
    const node = findNode(hierarchy, document.events, eventId);
    if (!node) throw new SpanbookError('NOT_FOUND', `event id: expected one of ${this.#stateDir}, got "${eventId}"`);
    return camelCase(node);
  }

  /** Counts over everything that was ever recorded in the state folder. */
  getStatistics(): CamelCased<PipelineStatistics> {
    return camelCase(readDocumentHead(this.#stateDir, ignore).statistics);
  }

  /** All errors and warnings, archives included. */
  getErrors(): CamelCased<Problems> {
    return camelCase(listErrors(readHistory(this.#stateDir, ignore).events));
  }

  /** How long activities of each level and name take, how often they fail and what they cost, and the same by days. */
  getDurations(query: AnalysisQuery = {}): CamelCased<ActivityDurations[]> {
    const { table, now } = this.#table();
    return camelCase(activityDurations(table.rows, { ...rangeOf(query, now), now, calendar: localCalendar() }));
  }

  /** What was much slower or dearer than usual, or failed where failures are rare; the newest first. `limit`: so many. */
  getAnomalies({ limit, ...query }: AnalysisQuery & { limit?: number } = {}): CamelCased<Anomalies> {
    const { table, now } = this.#table();
    return camelCase(findAnomalies(table.rows.values(), { ...rangeOf(query, now), now, limit }));
  }

  /**
   * What an activity waited for: its critical path through the activities below it, without requests and tools. Default:
   * the run that ended last; null if there is none.
   *
   * @throws SpanbookError `NOT_FOUND` if no event has this id, or begins with it alone.
   */
  getBottlenecks(eventId?: string): CamelCased<Bottlenecks> | null {
    const { table, document, now } = this.#table();
    if (eventId === undefined) {
      const run = lastRun(table);
      return run && camelCase(findBottlenecks(table, run, { now }));
    }
    const found = findRun(table, document.events, eventId);
    if (found.status === 'found') return camelCase(findBottlenecks(table, found.row, { now }));
    throw new SpanbookError('NOT_FOUND', `event id: expected one of ${this.#stateDir}, got "${eventId}"`);
  }

  /** What changed at a moment, and whether it is more than noise. `days`: only so many to each side. */
  getComparison(query: { at: TimeArgument; days?: number; level?: ActivityLevel }): CamelCased<Comparison> {
    const { table, now } = this.#table();
    const { days, level } = query;
    return camelCase(
      comparePeriods(table.rows.values(), { at: timeOfArgument('at', query.at, now), now, days, level }),
    );
  }

  #table() {
    const document = readHistory(this.#stateDir, ignore);
    return { document, table: documentTable(document), now: Date.now() };
  }

  /** A report for people, as plain text. */
  generateSummaryReport(): string {
    return summaryText(summarize(readHistory(this.#stateDir, ignore), Date.now()));
  }
}

const rangeOf = ({ since, until, level }: AnalysisQuery, now: number) => ({
  since: timeOfArgument('since', since, now),
  until: timeOfArgument('until', until, now),
  level,
});

/** A library does not talk: what is said beside an answer is for the command line. */
function ignore(): void {}
