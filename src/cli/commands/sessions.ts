/** `pipeline sessions`: who gave facts, from where. */
import { listSessions, type SessionRow } from '../../query/list-sessions.ts';
import { safeText } from '../../query/safe-text.ts';
import { localTime } from '../../query/summary-text.ts';
import { readState } from '../../store/read-document.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { emptyStateText } from '../empty-state.ts';
import { renderRow } from '../render-row.ts';
import type { Style } from '../style.ts';

export function run({ stateDir, say, style }: CommandCall): CommandAnswer {
  const sessions = listSessions(readState(stateDir, say));
  return {
    json: { sessions },
    text: () =>
      sessions.length === 0
        ? emptyStateText(stateDir)
        : sessions.flatMap(session => sessionLines(style, session)).join('\n'),
  };
}

function sessionLines(style: Style, session: SessionRow): string[] {
  const { cwd, branch, title } = session;
  const isOpen = session.active_count > 0;
  const runs = `${session.commands} ${session.commands === 1 ? 'run' : 'runs'}`;
  const head = renderRow(
    style,
    [
      { text: isOpen ? `${style.marks.running} ` : '  ', color: 'cyan' },
      { text: safeText(session.session_id), color: 'bold' },
      { text: title === null ? '' : ` ${safeText(title)}` },
    ],
    [{ text: `${localTime(session.last_at)}  ${runs.padStart(8)}`, color: 'dim' }],
  );
  const place = [cwd, branch].filter(text => text !== null).map(safeText);
  if (place.length === 0) return [head];
  return [head, renderRow(style, [{ text: `    ${place.join(` ${style.marks.dot} `)}`, color: 'dim' }])];
}
