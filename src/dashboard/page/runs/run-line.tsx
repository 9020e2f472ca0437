/** One run in the list: columns where there is room, else a card. */
import { formatDuration } from '../../../query/format-duration.ts';
import type { RunRow } from '../../../query/runs/run-row.ts';
import { runPath } from '../route/parse-route.ts';
import { goTo } from '../route/place.ts';
import { costText, tokensText } from '../ui/amounts.ts';
import { Name } from '../ui/name.tsx';
import { shownText, wholeText } from '../ui/shown-text.ts';
import { exactTime, shownTime } from '../ui/shown-time.ts';
import { Problems, Status } from '../ui/status.tsx';

interface RunLineProps {
  run: RunRow | null;
  index: number;
  isCursor: boolean;
  now: number;
}

export function RunLine({ run, index, isCursor, now }: RunLineProps) {
  if (!run) {
    return (
      <tr class="run-line is-missing" aria-rowindex={index + 2}>
        <td colSpan={9}>
          <span class="bar" />
        </td>
      </tr>
    );
  }
  const path = runPath(run.event_id);
  const open = (event: MouseEvent): void => {
    // The link in it does that itself, also in a new tab.
    if ((event.target as Element).closest('a') || getSelection()?.toString()) return;
    goTo(path);
  };
  const duration =
    run.status === 'running'
      ? Math.floor(Math.max(0, now - Date.parse(run.started_at)) / 1000) * 1000
      : run.duration_ms;
  return (
    <tr class={`run-line ${isCursor ? 'is-cursor' : ''}`} aria-rowindex={index + 2} onClick={open}>
      <td class="col-status">
        <Status status={run.status} />
      </td>
      <td class="col-run">
        <a href={path}>
          <Name text={run.name} label={run.label} />
        </a>
      </td>
      <td class="col-stage" title={wholeText(run.stage)}>
        {shownText(run.stage, 80)}
      </td>
      <td
        class="col-parts num muted"
        title={wholeText([...run.agent_names, ...run.skill_names].slice(0, 40).join(', '))}
      >
        {run.agents > 0 && `${run.agents} ag`}
        {run.agents > 0 && run.skills > 0 && ' · '}
        {run.skills > 0 && `${run.skills} sk`}
      </td>
      <td class="col-problems num">
        <Problems errors={run.errors} warnings={run.warnings} />
      </td>
      <td class="col-started num">
        <time dateTime={run.started_at} title={exactTime(run.started_at)}>
          {shownTime(run.started_at)}
        </time>
      </td>
      <td class="col-duration num">{formatDuration(duration)}</td>
      <td class="col-tokens num">{tokensText(run.usage)}</td>
      <td class="col-cost num">{costText(run.usage)}</td>
    </tr>
  );
}
