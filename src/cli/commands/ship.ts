/** `ship`: sends what is unsent, once, and says what came of it; with `--verify`, whether it is all there. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { claudeDir } from '../../claude-code/claude-dir.ts';
import { SpanbookError } from '../../errors.ts';
import { ClaudeCodeLeaves } from '../../leaf-source.ts';
import { findEndpoint, type OtlpEndpoint } from '../../otlp-endpoint.ts';
import { shownUrl } from '../../processor/traces-url.ts';
import { type Shipped, shipTraces } from '../../ship-traces.ts';
import { keepHeapSmall } from '../../small-heap.ts';
import { readDocumentHead } from '../../store/read-document.ts';
import type { Verified } from '../../verify-traces.ts';
import { type CommandAnswer, type CommandCall, numberOption, textOption } from '../command-spec.ts';
import { readAndKeepUsage } from '../open-usage.ts';
import { renderShipped } from '../render-shipped.ts';

const QUERY_PORT = '16686';
const DEFAULT_ENDPOINT = 'http://127.0.0.1:4318';
/** For so long a receiver that is busy is tried again. */
const PATIENCE_MILLIS = 10_000;
/** What has just ended is known whole after a moment. */
const SETTLE_MILLIS = 3000;
const SETTLE_STEP_MILLIS = 500;

export async function run(call: CommandCall): Promise<CommandAnswer> {
  const { context, options, style } = call;
  const stateDir = resolve(context.cwd, call.stateDir);
  const verifies = options.verify === true;
  if (textOption(call, 'query') !== undefined && !verifies) {
    throw new SpanbookError('USAGE', 'ship: expected --verify with --query, got --query alone');
  }
  const endpoint = findEndpoint(stateDir, {
    given: textOption(call, 'endpoint'),
    env: context.env,
    otherwise: DEFAULT_ENDPOINT,
  });
  const shipped = existsSync(stateDir) ? await ship(call, stateDir, endpoint) : NOTHING;
  const verified = verifies ? await verify(call, stateDir, endpoint) : null;
  const isMissing = verified !== null && verified.missing > 0;
  return {
    json: { endpoint: shownUrl(endpoint.url), ...shipped, ...(verified ? { verified } : {}) },
    text: () => renderShipped(style, { endpoint: shownUrl(endpoint.url), stateDir, shipped, verified }).join('\n'),
    failed: shipped.quarantined > 0 || shipped.held > 0 || isHeld(shipped) || isMissing,
  };
}

const NOTHING: Shipped = { state: 'idle', reason: null, sent: 0, held: 0, quarantined: 0, sent_before: 0, waiting: 0 };

const isHeld = ({ state }: Shipped): boolean => state !== 'idle';

async function ship(call: CommandCall, stateDir: string, endpoint: OtlpEndpoint): Promise<Shipped> {
  const { context, say } = call;
  const claudeDirs = claudeDirsOf(call);
  const leaves = leavesFor(call, stateDir, claudeDirs);
  const pause = (millis: number): Promise<boolean> => context.pause(millis);
  const since = numberOption(call, 'from');
  try {
    // Whoever was killed is found out, and what it left open comes to an end.
    readDocumentHead(stateDir, say);
    let shipped = NOTHING;
    for (let waited = 0; ; waited += SETTLE_STEP_MILLIS) {
      leaves.told = (await readAndKeepUsage(call, claudeDirs)).told;
      keepHeapSmall();
      const more = await shipTraces({
        stateDir,
        endpoint,
        leaves,
        since,
        patienceMillis: PATIENCE_MILLIS,
        now: context.now,
        pause,
      });
      const sent = shipped.sent + more.sent;
      const sent_before = more.sent_before - shipped.sent;
      shipped = { ...more, sent, sent_before, quarantined: shipped.quarantined + more.quarantined };
      const mayBeReadySoon = more.state === 'idle' && more.waiting > 0 && since === undefined;
      if (!mayBeReadySoon || waited >= SETTLE_MILLIS || !(await pause(SETTLE_STEP_MILLIS))) return shipped;
    }
  } finally {
    leaves.close();
  }
}

async function verify(call: CommandCall, stateDir: string, endpoint: OtlpEndpoint): Promise<Verified> {
  const { verifyTraces } = await import('../../verify-traces.ts');
  const leaves = leavesFor(call, stateDir, claudeDirsOf(call));
  try {
    return await verifyTraces({
      stateDir,
      endpoint,
      query: textOption(call, 'query') ?? queryUrl(endpoint.url),
      leaves,
      since: numberOption(call, 'from'),
      pause: millis => call.context.pause(millis),
    });
  } finally {
    leaves.close();
  }
}

/** Where Jaeger answers that takes spans here, if it is set up as usual. */
function queryUrl(endpoint: string): string {
  const url = new URL(endpoint);
  return `${url.protocol}//${url.hostname}:${QUERY_PORT}`;
}

const claudeDirsOf = (call: CommandCall): string[] => [
  resolve(call.context.cwd, textOption(call, 'claudeDir') ?? claudeDir(call.context.env)),
];

const leavesFor = ({ context }: CommandCall, stateDir: string, claudeDirs: string[]): ClaudeCodeLeaves =>
  new ClaudeCodeLeaves({ stateDir, claudeDirs, pricingPath: `${context.configDir}/usage_pricing.json` });
