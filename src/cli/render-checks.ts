/** The checks of `doctor` for people: a line for each, and below what is wrong the line that mends it. */
import { safeText } from '../query/safe-text.ts';
import { CHECK_STATUSES, type Check, type CheckStatus } from './doctor/check.ts';
import { renderRow } from './render-row.ts';
import type { Color, Marks, Style } from './style.ts';

const LOOKS: Readonly<Record<CheckStatus, { mark: keyof Marks; color: Color }>> = {
  ok: { mark: 'completed', color: 'green' },
  warning: { mark: 'warning', color: 'yellow' },
  failed: { mark: 'failed', color: 'red' },
  skipped: { mark: 'cancelled', color: 'dim' },
};
const GAP = 2;

interface Places {
  project: string;
  home: string | undefined;
}

export function renderChecks(style: Style, checks: readonly Check[], { project, home }: Places): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length)) + GAP;
  // Lines are short.
  const shortPaths = (text: string): string =>
    [
      [project, ''],
      [home, '~/'],
    ].reduce((kept, [folder, short = '']) => (folder ? kept.replaceAll(`${folder}/`, short) : kept), text);
  const lines = checks.flatMap(({ name, status, detail, fix }) => {
    const { mark, color } = LOOKS[status];
    const row = renderRow(style, [
      { text: `${style.marks[mark]} `, color },
      { text: name.padEnd(width), color: status === 'skipped' ? 'dim' : undefined },
      { text: safeText(shortPaths(detail)), color: status === 'skipped' ? 'dim' : undefined },
    ]);
    // Not cut: it is to be copied.
    return fix === null ? [row] : [row, `  ${style.marks.arrow} ${safeText(fix)}`];
  });
  return [...lines, '', summary(checks)];
}

function summary(checks: readonly Check[]): string {
  const counts = CHECK_STATUSES.flatMap(status => {
    const count = checks.filter(check => check.status === status).length;
    return count === 0 ? [] : [`${count} ${status === 'warning' && count > 1 ? 'warnings' : status}`];
  });
  return `${checks.length} checks: ${counts.join(', ')}`;
}
