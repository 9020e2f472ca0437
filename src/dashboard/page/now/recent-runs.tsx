/** The last runs that have ended. */
import { formatDuration } from '../../../query/format-duration.ts';
import type { RunRow } from '../../../query/runs/run-row.ts';
import { runPath } from '../route/parse-route.ts';
import { costText, tokensText } from '../ui/amounts.ts';
import { Name } from '../ui/name.tsx';
import { Empty } from '../ui/panel.tsx';
import { shownTime } from '../ui/shown-time.ts';
import { Problems, Status } from '../ui/status.tsx';

export function RecentRuns({ runs }: { runs: readonly RunRow[] }) {
  if (runs.length === 0) return <Empty>No run has ended yet.</Empty>;
  return (
    <ul class="run-list">
      {runs.map(run => (
        <li key={run.event_id}>
          <a href={runPath(run.event_id)}>
            <Status status={run.status} isShort />
            <Name text={run.name} label={run.label} />
            <span class="marks">
              <Problems errors={run.errors} warnings={run.warnings} />
            </span>
            <span class="num">{formatDuration(run.duration_ms)}</span>
            <span class="num wide">{tokensText(run.usage)}</span>
            <span class="num">{costText(run.usage)}</span>
            <time class="muted num" dateTime={run.started_at}>
              {shownTime(run.started_at)}
            </time>
          </a>
        </li>
      ))}
    </ul>
  );
}
