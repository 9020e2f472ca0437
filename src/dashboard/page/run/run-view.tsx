/** One run: what it was, and what happened in it when. */
import { useMemo } from 'preact/hooks';
import type { RunAnswer } from '../../answers.ts';
import { useAnswer } from '../net/use-answer.ts';
import { setParameters, usePlace } from '../route/place.ts';
import { Failure, Loading, Panel } from '../ui/panel.tsx';
import { useNow } from '../ui/use-now.ts';
import { ItemDetail } from './item-detail.tsx';
import { RunHead } from './run-head.tsx';
import { TimeTable } from './time-table.tsx';
import { Waterfall } from './waterfall.tsx';

export function RunView({ id }: { id: string }) {
  const { data, error } = useAnswer<RunAnswer>(`/api/runs/${encodeURIComponent(id)}`);
  return (
    <main id="main" class="view view-run" tabIndex={-1}>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href="/runs">Runs</a>
      </nav>
      {error && <Failure error={error} />}
      {data ? <Run data={data} /> : !error && <Loading what="the run" />}
    </main>
  );
}

function Run({ data }: { data: RunAnswer }) {
  const { search } = usePlace();
  const parameters = new URLSearchParams(search);
  const { items, run, event_id } = data;
  // The address of an activity inside a run shows that activity.
  const selected = parameters.get('item') ?? (event_id === run.event_id ? null : event_id);
  const item = useMemo(() => items.find(({ id }) => id === selected) ?? null, [items, selected]);
  const now = useNow(run.status === 'running');
  return (
    <>
      <RunHead data={data} now={now} />
      <div
        class={`run-body ${item ? 'has-detail' : ''}`}
        style={{ '--content': `${Math.max(items.length * 26 + 200, item ? 420 : 0)}px` }}
      >
        <Waterfall
          data={data}
          now={now}
          selected={item?.id ?? null}
          search={parameters.get('q') ?? ''}
          onSearch={q => setParameters({ q: q || null })}
          onSelect={next => setParameters({ item: next })}
        />
        {item && <ItemDetail item={item} data={data} now={now} onClose={() => setParameters({ item: null })} />}
      </div>
      <Panel title="Where the time went" id="time-went" aside={<span class="muted">along the critical path</span>}>
        <TimeTable path={data.critical_path} />
      </Panel>
    </>
  );
}
