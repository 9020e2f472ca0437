/** `statusline`: one line for the terminal of Claude Code; notes the limits and the cost that it told. Never fails. */
import { existsSync } from 'node:fs';
import { readStatusLine, type StatusLine } from '../../claude-code/status-line.ts';
import type { LimitReading } from '../../model/rate-limits.ts';
import { makeStateDir } from '../../store/make-state-dir.ts';
import { recordLimits } from '../../store/rate-limits.ts';
import { findStateDir, userStateDir } from '../../store/state-dir.ts';
import { type CommandAnswer, type CommandCall, numberOption, textOption } from '../command-spec.ts';
import { renderStatusline } from '../render-statusline.ts';
import type { Style } from '../style.ts';

const MIN_COLUMNS = 8;

export function run(call: CommandCall): CommandAnswer {
  const { context } = call;
  const input = context.readInput();
  const line = 'payload' in input ? readStatusLine(input.payload) : null;
  const stateDir = line && stateDirOf(call, line);
  const isRecorded = line !== null && stateDir !== null && record(stateDir, line, context.now());
  return {
    json: {
      session_id: line?.session ?? null,
      model: line?.model ?? null,
      cost: line?.cost.total_cost_usd ?? null,
      context_percent: line?.contextPercent ?? null,
      rate_limits: line?.limits ?? {},
      recorded: isRecorded,
      state_dir: stateDir,
    },
    text: () => (line ? renderStatusline(styleOf(call), line, context.now()) : 'spanbook: no status was told'),
  };
}

/** The client shows what it is given on a terminal of its own, so it has colours though this is a pipe. */
function styleOf(call: CommandCall): Style {
  const { env, columns } = call.context;
  const width = numberOption(call, 'width') ?? columns ?? Number(env.COLUMNS);
  return {
    ...call.style,
    color: !env.NO_COLOR && env.TERM !== 'dumb',
    columns: Number.isFinite(width) && width > 0 ? Math.max(MIN_COLUMNS, width) : call.style.columns,
  };
}

/** Where to note it: a folder that was named, or one that is recorded to. Others get no folder for a status line. */
function stateDirOf(call: CommandCall, { project }: StatusLine): string | null {
  const { env, cwd } = call.context;
  const given = textOption(call, 'stateDir');
  const { path } = findStateDir({
    given,
    env: { ...env, CLAUDE_PROJECT_DIR: env.CLAUDE_PROJECT_DIR || project || undefined },
    cwd,
    userDir: userStateDir(env),
  });
  return given || env.SPANBOOK_STATE_DIR || existsSync(`${path}/journal`) ? path : null;
}

function record(stateDir: string, { session, cost, limits }: StatusLine, now: number): boolean {
  if (session === null) return false;
  const hasCost = Object.keys(cost).length > 0;
  const hasLimits = Object.keys(limits).length > 0;
  if (!hasCost && !hasLimits) return false;
  const reading: LimitReading = {
    v: 1,
    at: new Date(now).toISOString(),
    session_id: session,
    rate_limits: hasLimits ? limits : undefined,
    cost: hasCost ? cost : undefined,
  };
  try {
    makeStateDir(stateDir);
    return recordLimits(stateDir, reading);
  } catch {
    // A full disk, a folder of somebody else: the line is shown all the same.
    return false;
  }
}
