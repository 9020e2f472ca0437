/** What runs now, what it burns, and what went wrong lately. */
import { formatMoney, formatShort } from '../../../model/format-amount.ts';
import type { NowAnswer } from '../../answers.ts';
import { useAnswer } from '../net/use-answer.ts';
import { Figure } from '../ui/figure.tsx';
import { Empty, Failure, Loading, Panel } from '../ui/panel.tsx';
import { shownTime } from '../ui/shown-time.ts';
import { AlertList, BudgetList, ProblemList } from './now-lists.tsx';
import { RecentRuns } from './recent-runs.tsx';
import { RunningTree } from './running-tree.tsx';
import { Welcome } from './welcome.tsx';

export function NowView() {
  const { data, error } = useAnswer<NowAnswer>('/api/now');
  return (
    <main id="main" class="view" tabIndex={-1}>
      <h1 class="sr-only">Now</h1>
      {error && <Failure error={error} />}
      {data ? <Now data={data} /> : !error && <Loading what="what runs now" />}
    </main>
  );
}

function Now({ data }: { data: NowAnswer }) {
  const { running, recent, problems, alerts, budgets, status } = data;
  if (running.length === 0 && recent.length === 0 && data.is_whole) return <Welcome />;
  return (
    <>
      <Figures data={data} />
      <div class="columns">
        <div class="stack">
          <Panel title="Running" id="running" aside={running.length > 0 && <span class="count">{running.length}</span>}>
            {running.length > 0 ? (
              running.map(node => <RunningTree key={node.event_id} root={node} />)
            ) : (
              <Empty>
                Nothing runs.
                {status.pipeline_updated_at &&
                  ` The last thing that happened was ${shownTime(status.pipeline_updated_at)}.`}
              </Empty>
            )}
          </Panel>
          <Panel title="Recent runs" id="recent" aside={<a href="/runs">All runs</a>}>
            <RecentRuns runs={recent} />
          </Panel>
          <Panel title="Last problems" id="problems" aside={<a href="/runs?problems=true">Runs with problems</a>}>
            <ProblemList problems={problems} />
          </Panel>
        </div>
        <div class="stack">
          <Panel title="Budgets" id="budgets" aside={<a href="/usage">Usage</a>}>
            <BudgetList budgets={budgets} />
          </Panel>
          <Panel title="Alerts" id="alerts">
            <AlertList alerts={alerts} />
          </Panel>
        </div>
      </div>
    </>
  );
}

function Figures({ data: { burn, today, running, is_whole } }: { data: NowAnswer }) {
  const { one, five } = burn;
  return (
    <dl class="figures">
      <Figure name="Running" value={running.length} note={is_whole ? 'runs' : 'reading history…'} />
      <Figure
        name="Cost per minute"
        value={formatMoney(one.cost_per_minute)}
        note={`${formatMoney(five.cost_per_minute)} over 5 min`}
      />
      <Figure
        name="Tokens per minute"
        value={formatShort(one.tokens_per_minute)}
        note={`${formatShort(one.output_tokens_per_minute)} of output`}
      />
      <Figure
        name="Today"
        value={today ? formatMoney(today.cost) : '—'}
        note={
          today && today.unpriced_tokens > 0
            ? `${formatShort(today.unpriced_tokens)} tokens without a price`
            : 'at list prices'
        }
      />
      <Figure
        name="Tokens today"
        value={today ? formatShort(today.tokens) : '—'}
        note={today ? `${formatShort(today.requests)} requests` : 'usage is not read yet'}
      />
    </dl>
  );
}
