/** `pipeline status`: the head of the document, and what needs attention. */
import { getStatus } from '../../query/get-status.ts';
import { listActive } from '../../query/list-active.ts';
import { readDocumentHead } from '../../store/read-document.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { emptyStateText } from '../empty-state.ts';
import { readHookFailures } from '../read-hook-failures.ts';
import { renderStatus } from '../render-status.ts';

export function run(call: CommandCall): CommandAnswer {
  const { stateDir, say, style, context } = call;
  const head = readDocumentHead(stateDir, say);
  const failures = readHookFailures(stateDir);
  const status = getStatus(head);
  return {
    json: { ...status, hook_failures: failures ?? undefined },
    text() {
      const active = listActive(head, context.now());
      const lines = renderStatus(style, { status, active, failures });
      if (head.statistics.total_events > 0) return lines.join('\n');
      return [emptyStateText(stateDir), ...(head.skipped || failures ? ['', ...lines] : [])].join('\n');
    },
  };
}
