/** What was out of the ordinary, and why. */

import { formatCount } from '../../../model/format-amount.ts';
import type { Anomalies } from '../../../query/analysis/find-anomalies.ts';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { runPath } from '../route/parse-route.ts';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import { shownText, wholeText } from '../ui/shown-text.ts';
import { ago, exactTime } from '../ui/shown-time.ts';

const SHOWN = 30;

export function AnomaliesPanel() {
  const { data, error } = useAnswer<Anomalies>(address('/api/pipeline/anomalies', { since: '30d', limit: SHOWN }));
  return (
    <Panel title="Out of the ordinary" id="anomalies" aside={data && <span class="count">{data.found}</span>}>
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="anomalies" />}
      {data && data.anomalies.length === 0 && (
        <Empty>
          Nothing, in {formatCount(data.judged)} of {formatCount(data.examined)} activities that had a history to be
          compared with.
        </Empty>
      )}
      {data && data.anomalies.length > 0 && (
        <ul class="notes scroll-list" tabIndex={0} aria-label="Anomalies">
          {data.anomalies.map(({ event_id, kind, level, name, reason, started_at }) => (
            <li key={`${event_id} ${kind}`} class={kind === 'failed' ? 'note-critical' : 'note-warning'}>
              <span class="note-mark">{kind}</span>
              <span class="note-text">
                <a href={runPath(event_id)} title={wholeText(name)}>
                  {shownText(name, 80) || level}
                </a>{' '}
                {shownText(reason, 300)}
              </span>
              <time class="muted" dateTime={started_at} title={exactTime(started_at)}>
                {ago(started_at)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
