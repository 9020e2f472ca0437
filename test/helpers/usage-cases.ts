/** Transcripts that are written and read in several ways, and all that a reading answers. */
import { appendFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { groupRows } from '../../src/query/usage/group-rows.ts';
import { selectRows } from '../../src/query/usage/select-rows.ts';
import { type Breakdown, usageBreakdown } from '../../src/query/usage/usage-breakdown.ts';
import { type UsageTotals, usageTotals } from '../../src/query/usage/usage-totals.ts';
import type { ReadUsageOptions, UsageRead } from '../../src/read-usage.ts';
import { readUsage } from '../../src/read-usage-now.ts';
import { noMeasures } from '../../src/usage/sum-rows.ts';
import { DIMENSIONS, type Dimension, type Measures } from '../../src/usage/usage-cube.ts';
import type { UsageView } from '../../src/usage/usage-view.ts';
import { PACKAGED_PRICES } from './prices.ts';
import { tempDir } from './temp-dir.ts';
import { type Fields, SESSION } from './write-transcripts.ts';

const MINUTE = 60_000;
export const MAIN = `${SESSION}.jsonl`;
/** Path of an agent's transcript; `note` is what the client keeps beside it. */
export const agentFile = (id: string, session = SESSION): { file: string; note: string } => {
  const path = `${session}/subagents/agent-${id}`;
  return { file: `${path}.jsonl`, note: `${path}.meta.json` };
};

/** A record or a text without its line end, and the file that it stands in, below `projects/-home-dev/`. */
export type Line = readonly [file: string, line: Fields | string];

export const inFile = (file: string, ...lines: (Fields | string)[]): Line[] => lines.map(line => [file, line]);
export const inMain = (...lines: (Fields | string)[]): Line[] => inFile(MAIN, ...lines);

export interface UsageCase {
  /** In the order in which they are written. */
  lines: readonly Line[];
  /** JSON files that are there from the start. */
  notes?: Readonly<Record<string, Fields>>;
  /** What a person would say that it comes to; what is not named is 0. */
  sums: Partial<Sums>;
  /** Requests by command, agent and skill; how the last is known is named where it is not exact. */
  owners?: Readonly<Record<string, number>>;
  /** Requests by one of the other dimensions. */
  by?: Readonly<Partial<Record<Dimension, Readonly<Record<string, number>>>>>;
}

export interface Sums extends Measures {
  /** Damaged lines. */
  damaged: number;
}

/** What a view comes to; `cost` is in USD here. */
export const sumsOf = (view: UsageView): Sums => {
  const { totals } = usageTotals(view);
  return {
    requests: totals.requests,
    input: totals.total_tokens_input,
    cache_read: totals.total_tokens_cache_read,
    cache_write_5m: totals.total_tokens_cache_write_5m,
    cache_write_1h: totals.total_tokens_cache_write_1h,
    output: totals.total_tokens_output,
    cost: totals.total_cost,
    unpriced: totals.unpriced_tokens,
    incomplete: totals.output_incomplete_requests,
    web_searches: totals.web_searches,
    damaged: view.head.skipped.damaged,
  };
};

export const sums = (some: Partial<Sums>): Sums => ({ ...noMeasures(), damaged: 0, ...some });

/** Requests by the names of these dimensions; `?` is not known. */
export function requestsBy({ cube }: UsageView, ...by: Dimension[]): Record<string, number> {
  const groups = groupRows(cube, { rows: selectRows(cube), by });
  return Object.fromEntries(groups.map(({ names, sum }) => [names.map(name => name ?? '?').join(' | '), sum.requests]));
}

/** Requests by command, agent and skill, or by others, each with how it is known where that is not exact. */
export function ownersOf(
  { cube }: UsageView,
  by: readonly Dimension[] = ['command', 'agent', 'skill'],
): Record<string, number> {
  const owners: Record<string, number> = {};
  for (const row of selectRows(cube)) {
    const one = { rows: Uint32Array.of(row) };
    const words = by.map(dimension => {
      const [group] = groupRows(cube, { ...one, by: [dimension] });
      const method = group?.methods.exact ? '' : group?.methods.inherited ? ' (inherited)' : ' (time-window)';
      return group && `${group.names[0] ?? '?'}${method}`;
    });
    const requests = cube.columns.measures.requests[row] ?? 0;
    if (requests !== 0) owners[words.join(' | ')] = (owners[words.join(' | ')] ?? 0) + requests;
  }
  return owners;
}

/** Everything that can be asked: totals, and every breakdown by one and by two dimensions. */
export function allAnswers(view: UsageView): { totals: UsageTotals; breakdowns: Breakdown[] } {
  const pairs = DIMENSIONS.flatMap((one, index) => DIMENSIONS.slice(index + 1).map(two => [one, two]));
  return {
    totals: usageTotals(view),
    breakdowns: [...DIMENSIONS.map(one => [one]), ...pairs].map(by => usageBreakdown(view, by)),
  };
}

export interface UsageWorld {
  claudeDir: string;
  stateDir: string;
  /** Messages of the last reading. */
  said: string[];
  path(file: string): string;
  /** Appends these lines, each with a line end. */
  append(...lines: Line[]): void;
  /** Reads so much later that no file is taken for one that is being written. */
  read(now?: number): UsageRead;
  /** Reads for a question that the sum of everything answers. */
  readSum(): UsageRead;
}

export function usageWorld(
  notes: Readonly<Record<string, Fields>> = {},
  stateDir = `${tempDir()}/state`,
  claudeDir = tempDir(),
): UsageWorld {
  mkdirSync(claudeDir, { recursive: true });
  let last = '';
  const readWith = (options: Pick<ReadUsageOptions, 'now' | 'needsSumOnly'>): UsageRead => {
    world.said = [];
    const where = { stateDir: world.stateDir, claudeDirs: [claudeDir], pricingPath: PACKAGED_PRICES };
    return readUsage({ ...where, ...options, say: message => world.said.push(message) });
  };
  const world: UsageWorld = {
    claudeDir,
    stateDir,
    said: [],
    path: file => `${claudeDir}/projects/-home-dev/${file}`,
    append: (...lines) => {
      for (const [file, line] of lines) {
        if (file !== last) waitForTick(claudeDir);
        makeFolderOf(world.path(file));
        last = file;
        appendFileSync(world.path(file), `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
      }
    },
    read: (now = Date.now() + 10 * MINUTE) => readWith({ now }),
    readSum: () => readWith({ now: Date.now() + 10 * MINUTE, needsSumOnly: true }),
  };
  for (const [file, note] of Object.entries(notes)) {
    makeFolderOf(world.path(file));
    writeFileSync(world.path(file), JSON.stringify(note));
  }
  return world;
}

/** Until what is written now is younger than what was: file systems know milliseconds only, and not all of them. */
export function waitForTick(folder: string): void {
  const probe = (): number => {
    writeFileSync(`${folder}/probe`, '');
    return statSync(`${folder}/probe`).mtimeMs;
  };
  for (const began = probe(); probe() === began; );
}

const makeFolderOf = (path: string): void => {
  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
};

/** The case, read once when all is written. */
export function readAtOnce({ lines, notes }: UsageCase): { world: UsageWorld; view: UsageView } {
  const world = usageWorld(notes);
  world.append(...lines);
  return { world, view: world.read().view };
}

/** The case, read after every line as by somebody who watches, and once more when it is over. */
export function readInPieces({ lines, notes }: UsageCase): UsageView {
  const world = usageWorld(notes);
  for (const line of lines) {
    world.append(line);
    world.read(Date.now());
  }
  return world.read().view;
}

export const removeIndex = ({ stateDir }: UsageWorld): void => rmSync(`${stateDir}/usage/index.bin`);
