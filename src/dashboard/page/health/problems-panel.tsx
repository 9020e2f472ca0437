/** Errors and warnings by their type. */
import { formatCount } from '../../../model/format-amount.ts';
import type { Problems } from '../../../query/list-errors.ts';
import { address } from '../net/ask.ts';
import { useAnswer } from '../net/use-answer.ts';
import { runPath } from '../route/parse-route.ts';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import { shownText, wholeText } from '../ui/shown-text.ts';
import { ago, exactTime } from '../ui/shown-time.ts';
import { problemTypes } from './problem-types.ts';

const LIMIT = 500;

export function ProblemsPanel() {
  const { data, error } = useAnswer<Problems>(address('/api/pipeline/errors', { limit: LIMIT }));
  const types = data ? problemTypes(data) : [];
  return (
    <Panel title="Problems by type" id="problem-types" aside={<a href="/runs?problems=true">Runs with problems</a>}>
      {error && <Failure error={error} />}
      {!data && !error && <Loading what="problems" />}
      {data && types.length === 0 && <Empty>No error and no warning is recorded.</Empty>}
      {types.length > 0 && (
        <ul class="notes scroll-list" tabIndex={0} aria-label="Problems by type">
          {types.map(({ type, level, count, last }) => (
            <li key={`${level} ${type}`} class={level === 'error' ? 'note-critical' : 'note-warning'}>
              <span class="note-mark" title={wholeText(type)}>
                {shownText(type, 60)}
              </span>
              <span class="note-text">
                <strong>{formatCount(count)}×</strong>{' '}
                {last.owner ? (
                  <a href={runPath(last.owner)} title={wholeText(last.message)}>
                    {shownText(last.message, 160)}
                  </a>
                ) : (
                  <span title={wholeText(last.message)}>{shownText(last.message, 160)}</span>
                )}
              </span>
              <time class="muted" dateTime={last.at} title={exactTime(last.at)}>
                {ago(last.at)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
