/** What the journal knows of the stages and commands of requests: of their own activities, and of scripts around them. */

import { systemErrorCode } from './errors.ts';
import { readPlain } from './journal/plain-file.ts';
import type { EndEvent, PipelineEvent, StartEvent } from './model/document-schema.ts';
import { LOCAL_SESSION } from './model/fold-activity.ts';
import { archivePath, listArchives, readHead } from './store/archive.ts';
import { documentPath } from './store/document-path.ts';
import type { BilledRequest, Owner } from './usage/billed-request.ts';

const STAGE_KEY = '"stage":"';
const COMMAND_KEY = '"level":"command"';

/** An activity of a script or program that was open from one time to another. */
interface Window {
  from: number;
  until: number;
  stage: string | null;
  /** Session whose client it was; null for what runs around clients. */
  session: string | null;
  command: string | null;
}

export interface JournalStages {
  /** True if the journal may know something of requests of this owner. */
  concerns(owner: Owner): boolean;
  /** The request with what the journal knows of it; itself if that is nothing. */
  resolve(request: BilledRequest): BilledRequest;
}

interface Known {
  /** Of each activity with a stage, by its span. */
  stages: Map<string, string>;
  /** In the order of their starts. */
  windows: Window[];
  isStaged: boolean;
}

export interface StageSources {
  stateDir: string;
  /** Archives that were full before this time are left out. */
  since: number;
  /** True if the rules of the settings give the stage. */
  hasRule(request: BilledRequest): boolean;
}

/** Reads the documents of a state folder, which must be up to date. */
export function readJournalStages(sources: StageSources): JournalStages {
  const stages = new Map<string, string>();
  const windows = new Map<string, Window>();
  for (const path of documentsSince(sources.stateDir, sources.since)) {
    for (const event of eventsWith(path, STAGE_KEY, COMMAND_KEY)) takeEvent(event, stages, windows);
  }
  const inOrder = [...windows.values()].sort((a, b) => a.from - b.from);
  const known = { stages, windows: inOrder, isStaged: inOrder.some(window => window.stage !== null) };
  const isStaged = known.isStaged || stages.size > 0;
  return {
    concerns: ({ command }) => isStaged || command === null,
    resolve: request => withStage(withCommand(request, known), known, sources),
  };
}

function documentsSince(stateDir: string, since: number): string[] {
  const paths = [documentPath(stateDir)];
  for (const number of listArchives(stateDir).reverse()) {
    const path = archivePath(stateDir, number);
    const updated = readHead(path)?.pipeline_updated_at;
    if (typeof updated === 'string' && Date.parse(updated) < since) break;
    paths.unshift(path);
  }
  return paths;
}

/** Events with one of these texts in their line. Documents are large, and few of their events tell of a stage. */
function* eventsWith(path: string, ...marks: string[]): Generator<PipelineEvent> {
  let bytes: Buffer;
  try {
    bytes = readPlain(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  const seen = new Set<number>();
  for (const mark of marks) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at)) {
      const start = bytes.lastIndexOf(0x0a, at) + 1;
      const end = bytes.indexOf(0x0a, at);
      if (!seen.has(start)) {
        seen.add(start);
        const event = parsed(bytes.toString('utf8', start, end < 0 ? bytes.length : end));
        if (event) yield event;
      }
      if (end < 0) break;
      at = end;
    }
  }
}

function parsed(line: string): PipelineEvent | null {
  if (!line.startsWith('{"event_id"')) return null;
  try {
    return JSON.parse(line.replace(/,$/, '')) as PipelineEvent;
  } catch {
    return null;
  }
}

function takeEvent(event: PipelineEvent, spans: Map<string, string>, windows: Map<string, Window>): void {
  if ('related_start_event_id' in event) return endWindow(event, windows);
  if (!event.event_type.endsWith('_start')) return;
  const start = event as StartEvent;
  const stage = start.activity.stage ?? start.context.stage;
  const { span_id } = start.trace;
  if (stage !== null && span_id !== null) spans.set(span_id, stage);
  const isAround = start.session_id === LOCAL_SESSION || start.source === 'span';
  if (!isAround && start.level !== 'command') return;
  windows.set(start.event_id, {
    from: Date.parse(start.timestamp),
    until: Number.POSITIVE_INFINITY,
    stage: isAround ? stage : null,
    session: isAround ? null : (start.session_id ?? null),
    command: isAround ? null : start.activity.name,
  });
}

function endWindow(event: EndEvent, windows: Map<string, Window>): void {
  const window = windows.get(event.related_start_event_id);
  if (window) window.until = Date.parse(event.timestamp);
}

/** No prompt stands before it: its file was cut, or is that of an agent without its session. */
function withCommand(request: BilledRequest, { windows }: Known): BilledRequest {
  const { owner, at } = request;
  if (owner.command !== null) return request;
  const around = windows.findLast(
    ({ command, session, from, until }) => command !== null && session === owner.session && from <= at && at <= until,
  );
  if (!around) return request;
  return {
    ...request,
    owner: { ...owner, command: around.command },
    methods: { ...request.methods, command: 'time-window' },
  };
}

function withStage(request: BilledRequest, known: Known, { stateDir, hasRule }: StageSources): BilledRequest {
  const { owner, span, at } = request;
  const own = span === null ? undefined : known.stages.get(span);
  if (own !== undefined) return { ...request, owner: { ...owner, stage: own } };
  if (!known.isStaged || owner.stage !== null || !isAround(stateDir, owner.project) || hasRule(request)) return request;
  const around = known.windows.findLast(({ stage, from, until }) => stage !== null && from <= at && at <= until);
  if (!around) return request;
  return {
    ...request,
    owner: { ...owner, stage: around.stage },
    methods: { ...request.methods, stage: 'time-window' },
  };
}

/** Scripts are around the clients of their own project; a folder that lies in no project is for all of them. */
const isAround = (stateDir: string, project: string | null): boolean =>
  project === null || stateDir.startsWith(`${project}/`) || !/\/(state|\.spanbook)$/.test(stateDir);
