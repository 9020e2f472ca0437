/** What a run was: its name, when it was, and what it used. */
import { formatCount, formatShort } from '../../../model/format-amount.ts';
import { allTokens } from '../../../query/all-tokens.ts';
import { formatDuration } from '../../../query/format-duration.ts';
import type { RunAnswer } from '../../answers.ts';
import { address } from '../net/ask.ts';
import { costText } from '../ui/amounts.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Figure } from '../ui/figure.tsx';
import { shownText, wholeText } from '../ui/shown-text.ts';
import { exactTime, shownTime } from '../ui/shown-time.ts';
import { Problems, Status } from '../ui/status.tsx';

export function RunHead({ data, now }: { data: RunAnswer; now: number }) {
  const { run, jaeger_url, items } = data;
  const isRunning = run.status === 'running';
  // Of a run that is open only its parts are summed; the first item knows more of it.
  const usage = items[0]?.usage ?? run.usage;
  const elapsed = isRunning ? Math.max(0, now - Date.parse(run.started_at)) : run.duration_ms;
  return (
    <header class="run-head">
      <div class="run-title">
        <h1 title={wholeText(run.name)}>{shownText(run.name, 200) || '(no name)'}</h1>
        <Status status={run.status} />
        <Problems errors={run.errors} warnings={run.warnings} />
        {jaeger_url && /^https?:/.test(jaeger_url) && (
          <a class="button" href={jaeger_url} target="_blank" rel="noreferrer noopener">
            Open in Jaeger <span aria-hidden="true">↗</span>
          </a>
        )}
      </div>
      {run.label && (
        <p class="run-label" title={wholeText(run.label)}>
          {shownText(run.label, 400)}
        </p>
      )}
      <dl class="figures">
        <Figure
          name="Duration"
          value={formatDuration(isRunning ? Math.floor(elapsed / 1000) * 1000 : elapsed)}
          note={
            <time
              dateTime={run.started_at}
              title={exactTime(run.started_at)}
            >{`from ${shownTime(run.started_at)}`}</time>
          }
        />
        <Figure name="Cost" value={costText(usage)} note={isRunning ? 'so far, at list prices' : 'at list prices'} />
        <Figure
          name="Tokens"
          value={usage ? formatShort(allTokens(usage)) : '—'}
          note={usage && `${formatCount(usage.requests)} requests`}
        />
        {usage && (
          <Figure
            name="Input, output"
            value={`${formatShort(usage.input_tokens)} · ${formatShort(usage.output_tokens)}`}
            note={`${formatShort(usage.cache_read_tokens)} read from cache, ${formatShort(
              usage.cache_write_5m_tokens + usage.cache_write_1h_tokens,
            )} written`}
          />
        )}
        <Figure name="Parts" value={`${run.agents} · ${run.skills}`} note="agents · skills" />
      </dl>
      <ul class="facts">
        {run.stage && <li>Stage {shownText(run.stage, 60)}</li>}
        {run.system_name && <li>System {shownText(run.system_name, 60)}</li>}
        {run.session_id && (
          <li>
            Session{' '}
            <a href={address('/runs', { session: run.session_id.slice(0, 400) })}>{shownText(run.session_id, 13)}</a>
          </li>
        )}
        <li>
          <code>{shownText(run.event_id, 40)}</code> <CopyButton text={run.event_id} what="the id of the run" />
        </li>
      </ul>
    </header>
  );
}
