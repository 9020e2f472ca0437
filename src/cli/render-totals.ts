/** Totals for people. */
import { formatCount, formatMoney } from '../model/format-amount.ts';
import type { UsageTotals } from '../query/usage/usage-totals.ts';
import { rangeText } from './range-text.ts';
import { renderRow } from './render-row.ts';
import { usageNotes } from './usage-notes.ts';
import type { UsageScreen } from './usage-screen.ts';

/** `Usage, 2026-11-01 to 2026-11-26`, the sums, and the notes. */
export function renderTotals(screen: UsageScreen, totals: UsageTotals): string[] {
  const { style, view, stateDir } = screen;
  return [
    renderRow(style, [{ text: 'Usage', color: 'bold' }, { text: `, ${rangeText(screen, totals)}` }]),
    '',
    ...totalsTable(screen, totals),
    '',
    ...usageNotes(style, { view, totals, stateDir }),
  ];
}

/** The sums alone, in full. */
export function totalsTable({ style }: UsageScreen, { totals }: UsageTotals): string[] {
  const short = totals.total_tokens_cache_write_5m;
  const long = totals.total_tokens_cache_write_1h;
  const sessions = `in ${formatCount(totals.sessions_tracked)} ${totals.sessions_tracked === 1 ? 'session' : 'sessions'}`;
  const searches = totals.web_searches > 0 ? `, ${formatCount(totals.web_searches)} web searches` : '';
  const rows: readonly (readonly [string, string, string])[] = [
    ['Input', formatCount(totals.total_tokens_input), 'tokens, not from the cache'],
    ['Cache read', formatCount(totals.total_tokens_cache_read), ''],
    ['Cache write', formatCount(short + long), `5 min ${formatCount(short)}, 1 h ${formatCount(long)}`],
    ['Output', formatCount(totals.total_tokens_output), ''],
    ['Requests', formatCount(totals.requests), sessions + searches],
    ['Cost', formatMoney(totals.total_cost), ''],
  ];
  const width = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([name, value, about]) =>
    renderRow(style, [
      { text: `${name.padEnd(11)}  `, color: 'dim' },
      { text: value.padStart(width), color: name === 'Cost' ? 'bold' : undefined },
      { text: about === '' ? '' : `  ${about}`, color: 'dim' },
    ]),
  );
}
