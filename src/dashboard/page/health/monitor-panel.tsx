/** Whether the monitor runs, traces are sent and hooks are heard of. */

import type { MonitorAnswer } from '../../../cli/monitor-answer.ts';
import { formatCount } from '../../../model/format-amount.ts';
import { useAnswer } from '../net/use-answer.ts';
import { Figure } from '../ui/figure.tsx';
import { Failure, Loading, Panel } from '../ui/panel.tsx';
import { shownText } from '../ui/shown-text.ts';
import { ago, shownTime } from '../ui/shown-time.ts';
import { useNow } from '../ui/use-now.ts';

export function MonitorPanel() {
  const { data, error } = useAnswer<MonitorAnswer>('/api/monitor/status');
  const now = useNow(true);
  return (
    <Panel title="Recording" id="recording">
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="the monitor" />}
      {data && (
        <>
          <dl class="figures">
            <Figure
              name="Monitor"
              value={data.running ? (data.state === 'stuck' ? 'stuck' : 'running') : 'stopped'}
              tone={data.running && data.state !== 'stuck' ? 'good' : 'warning'}
              note={data.running && data.since ? `since ${shownTime(data.since)}` : 'spanbook monitor start'}
            />
            <Figure
              name="Usage last read"
              value={ago(data.last_poll_at, now)}
              note={`every ${data.poll_interval_seconds} s while it runs`}
            />
            <Relay relay={data.relay} now={now} />
            <Figure
              name="Hooks last heard"
              value={ago(data.hooks.last_seen_at, now)}
              note={data.hooks.last_seen_at ? undefined : 'spanbook init installs them'}
            />
          </dl>
          {data.problems.length > 0 && (
            <ul class="gaps">
              {data.problems.map(problem => (
                <li key={problem}>{shownText(problem, 400)}</li>
              ))}
            </ul>
          )}
        </>
      )}
    </Panel>
  );
}

function Relay({ relay, now }: { relay: MonitorAnswer['relay']; now: number }) {
  if (!relay) return <Figure name="Traces" value="off" note="no endpoint in spanbook.json" />;
  const { state, reason, lag_events, oldest_unsent_at, sent, quarantined } = relay;
  const lag =
    lag_events > 0 ? `${formatCount(lag_events)} waiting, the oldest from ${ago(oldest_unsent_at, now)}` : null;
  return (
    <Figure
      name="Traces"
      value={shownText(state, 30)}
      tone={quarantined > 0 || reason || lag_events > 0 ? 'warning' : 'good'}
      note={shownText(reason, 200) || lag || `${formatCount(sent)} sent`}
    />
  );
}
