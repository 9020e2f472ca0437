/** `pipeline show ID`: one activity, and where its content lies. */
import { SpanbookError } from '../../errors.ts';
import type { UsagePair } from '../../model/document-schema.ts';
import { formatCount, formatMoney } from '../../model/format-amount.ts';
import { usageSummary } from '../../model/usage-attributes.ts';
import { formatDuration } from '../../query/format-duration.ts';
import { safeText } from '../../query/safe-text.ts';
import { type ShownActivity, showActivity } from '../../query/show-activity.ts';
import { localTime } from '../../query/summary-text.ts';
import { usageSumOf } from '../../query/usage-below.ts';
import { readHistory, readState } from '../../store/read-document.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { renderPairs } from '../render-row.ts';
import { noteLine } from '../render-tree.ts';
import { paint, type Style } from '../style.ts';

export function run({ stateDir, say, style, context, argument }: CommandCall): CommandAnswer {
  const state = readState(stateDir, say);
  const document = readHistory(stateDir, say);
  const shown = showActivity(document, state, { id: argument, now: context.now() });
  if (!shown) {
    throw new SpanbookError(
      'NOT_FOUND',
      `event id: expected one that was recorded, got "${argument}". See: spanbook pipeline events`,
    );
  }
  return { json: shown, text: () => render(style, shown).join('\n') };
}

function render(style: Style, shown: ShownActivity): string[] {
  const { content } = shown;
  const pairs: [string, string | null | undefined][] = [
    ['Event', shown.event_id],
    ['Status', shown.status],
    ['Started', localTime(shown.started_at)],
    ['Duration', formatDuration(shown.duration_ms)],
    ['Inside', shown.ancestors.map(ancestor => ancestor.name).join(` ${style.marks.arrow} `)],
    ['Label', shown.label],
    ['Intent', shown.intent],
    ['System', shown.system_name],
    ['Stage', shown.stage],
    ['Session', shown.session_id],
    ['Trace', shown.trace?.trace_id],
    ['Error', shown.error && `${shown.error.type}: ${shown.error.message}`],
    ['Outputs', shown.outputs && JSON.stringify(shown.outputs)],
    ['Folder', content.cwd],
    ...(shown.usage ? usagePairs(shown.usage) : []),
  ];
  const known = pairs.flatMap(([name, value]): [string, string][] => (value ? [[name, safeText(value)]] : []));
  const lines = [paint(style, 'bold', `${shown.level} ${safeText(shown.name)}`), ...renderPairs(style, known)];
  if (shown.notes.length > 0) lines.push('', ...shown.notes.map(note => noteLine(style, note, '')));
  if (shown.children.length > 0) {
    lines.push('', `${shown.children.length} below it: spanbook pipeline hierarchy --event-id ${shown.event_id}`);
  }
  return [...lines, '', ...contentLines(shown)];
}

/** With all below it, and itself alone where that is less. What is nothing is left out. */
function usagePairs({ self, total }: UsagePair): [string, string | null][] {
  const tokens = (count: number | undefined): string | null => (count ? `${formatCount(count)} tokens` : null);
  return [
    ['Requests', formatCount(total.requests)],
    ['Input', tokens(total.input_tokens)],
    ['Cache read', tokens(total.cache_read_tokens)],
    ['Cache write', tokens(total.cache_write_5m_tokens + total.cache_write_1h_tokens)],
    ['Output', tokens(total.output_tokens)],
    ['Cost', total.cost === undefined ? null : `${formatMoney(total.cost)} (list price)`],
    ['Unpriced', tokens(total.unpriced_tokens)],
    [
      'Of its own',
      self.requests === total.requests ? null : self.requests === 0 ? 'nothing' : usageSummary(usageSumOf(self)),
    ],
  ];
}

/** Paths are never cut: they are there to be copied. */
function contentLines({ content }: ShownActivity): string[] {
  const paths = [content.agent_transcript_path, content.transcript_path].filter(path => path !== null);
  if (paths.length === 0) return ['Its content is not kept, and nobody said where it lies.'];
  return ['Its content lies in', ...paths.map(path => `  ${safeText(path)}`)];
}
