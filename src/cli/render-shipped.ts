/** What was sent, for people. */
import { formatCount } from '../model/format-amount.ts';
import { safeText } from '../query/safe-text.ts';
import type { Shipped } from '../ship-traces.ts';
import type { Verified } from '../verify-traces.ts';
import { renderRow } from './render-row.ts';
import type { Style } from './style.ts';

/** More ids than this help nobody. */
const MAX_SHOWN = 10;

interface ShippedTo {
  endpoint: string;
  stateDir: string;
  shipped: Shipped;
  verified: Verified | null;
}

export function renderShipped(style: Style, { endpoint, stateDir, shipped, verified }: ShippedTo): string[] {
  const { state, sent, held, quarantined, waiting, reason } = shipped;
  const { marks } = style;
  const isNothing = state === 'idle' && sent + quarantined + waiting + shipped.sent_before === 0;
  if (isNothing && !verified) {
    return [
      `Nothing is recorded in ${safeText(stateDir)} that could be sent.`,
      `  ${marks.arrow} spanbook init records Claude Code, spanbook import --spans takes its past sessions`,
    ];
  }
  const isWell = state === 'idle';
  const mark = { text: `${isWell ? marks.completed : marks.failed} `, color: isWell ? 'green' : 'red' } as const;
  const lines = [
    renderRow(style, [mark, { text: `${counted(sent, 'span')} sent to ${safeText(endpoint)}${before(shipped)}` }]),
  ];
  if (state === 'busy')
    lines.push('  Another process sends to this endpoint: spanbook monitor status says how far it is');
  if (state === 'holding') lines.push(`  ${held} held; the receiver does not take them now: ${safeText(reason ?? '')}`);
  if (state === 'wrong-destination') {
    lines.push(`  ${held} held; what answers there takes no spans: ${safeText(reason ?? '')}`);
    lines.push(`  ${marks.arrow} Name the base URL of an OTLP/HTTP receiver, as http://127.0.0.1:4318`);
  }
  if (state === 'holding')
    lines.push(`  ${marks.arrow} Nothing is lost. Start it (docker compose up -d), and ship again`);
  if (quarantined > 0)
    lines.push(`  ${counted(quarantined, 'span')} not taken by the receiver, and put on a list in relay/`);
  if (waiting > 0)
    lines.push(`  ${counted(waiting, 'activity')} not ready yet: something inside goes on, or its usage is not known`);
  return verified ? [...lines, ...verifiedLines(style, verified)] : lines;
}

/** Why there was nothing to send. */
const before = ({ state, sent, sent_before }: Shipped): string =>
  state === 'idle' && sent === 0 && sent_before > 0 ? `, and ${formatCount(sent_before)} before` : '';

function verifiedLines(style: Style, { query, traces, spans, missing, missing_spans, warnings }: Verified): string[] {
  const { marks } = style;
  const isAll = missing === 0;
  const mark = { text: `${isAll ? marks.completed : marks.failed} `, color: isAll ? 'green' : 'red' } as const;
  const found = `${formatCount(spans - missing)} of ${counted(spans, 'span')} in ${counted(traces, 'trace')}`;
  const lines = [renderRow(style, [mark, { text: `${found} found at ${safeText(query)}` }])];
  for (const { trace_id, span_id, name } of missing_spans.slice(0, MAX_SHOWN)) {
    lines.push(`  missing: ${span_id} of trace ${trace_id} (${safeText(name)})`);
  }
  for (const warning of warnings.slice(0, MAX_SHOWN)) lines.push(`  Jaeger warns: ${safeText(warning)}`);
  if (!isAll) lines.push(`  ${marks.arrow} spanbook ship --from 30d sends them once more`);
  return lines;
}

function counted(count: number, thing: string): string {
  const things = thing.endsWith('y') ? `${thing.slice(0, -1)}ies` : `${thing}s`;
  return `${formatCount(count)} ${count === 1 ? thing : things}`;
}
