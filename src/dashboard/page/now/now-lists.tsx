/** Budgets, alerts and problems, as short lists. */
import { formatMoney } from '../../../model/format-amount.ts';
import type { Alert } from '../../../usage/alert.ts';
import type { BudgetRow } from '../../../usage/budget-row.ts';
import type { NowAnswer } from '../../answers.ts';
import { runPath } from '../route/parse-route.ts';
import { percent } from '../ui/amounts.ts';
import { Empty } from '../ui/panel.tsx';
import { shownText, wholeText } from '../ui/shown-text.ts';
import { ago, exactTime } from '../ui/shown-time.ts';

const MAX_ALERTS = 6;
const MAX_PROBLEMS = 10;

export function BudgetList({ budgets }: { budgets: readonly BudgetRow[] }) {
  if (budgets.length === 0)
    return (
      <Empty>
        No budget is set. Write one into <code>usage_pricing.json</code> of the state folder.
      </Empty>
    );
  return (
    <ul class="budgets">
      {budgets.map(budget => (
        <Budget key={`${budget.name} ${budget.period_start}`} budget={budget} />
      ))}
    </ul>
  );
}

function Budget({ budget: { name, subject, period, used, limit, share, forecast, level } }: { budget: BudgetRow }) {
  const isOver = share >= 1;
  const willBeOver = !isOver && forecast !== null && forecast.expected > limit;
  const tone = isOver || level === 'critical' ? 'bad' : willBeOver || level !== null ? 'warning' : 'good';
  const full = Math.max(limit, used, forecast?.high ?? 0);
  const at = (value: number): string => `${full > 0 ? (100 * value) / full : 0}%`;
  return (
    <li class={`budget tone-${tone}`}>
      <div class="budget-head">
        <span class="name" title={wholeText(subject ?? name)}>
          {shownText(name)}
        </span>
        <span class="muted">a {period}</span>
        <span class="num">
          {formatMoney(used)} of {formatMoney(limit)}
        </span>
      </div>
      <div class="meter" role="img" aria-label={`${percent(share)} used`}>
        {forecast && (
          <span class="meter-band" style={{ left: at(forecast.low), width: at(forecast.high - forecast.low) }} />
        )}
        <span class="meter-used" style={{ width: at(used) }} />
        <span class="meter-limit" style={{ left: at(limit) }} />
      </div>
      <div class="muted budget-note">
        {isOver ? 'Used up' : `${percent(share)} used`}
        {forecast && `, likely ${formatMoney(forecast.expected)} at its end`}
        {willBeOver && ' – over the limit'}
      </div>
    </li>
  );
}

export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return <Empty>No alert in the last day.</Empty>;
  return (
    <ul class="notes">
      {alerts.slice(0, MAX_ALERTS).map(({ key, level, message, at }) => (
        <li key={key} class={`note-${level}`}>
          <span class="note-mark">{level}</span>
          <span class="note-text" title={wholeText(message)}>
            {shownText(message)}
          </span>
          <time class="muted" dateTime={at} title={exactTime(at)}>
            {ago(at)}
          </time>
        </li>
      ))}
    </ul>
  );
}

export function ProblemList({ problems }: { problems: NowAnswer['problems'] }) {
  if (problems.length === 0) return <Empty>Nothing went wrong lately.</Empty>;
  return (
    <ul class="notes">
      {problems.slice(0, MAX_PROBLEMS).map(({ event_id, level, message, type, at, run_id, activity }) => (
        <li key={event_id} class={`note-${level === 'error' ? 'critical' : level}`}>
          <span class="note-mark">{shownText(type, 60) || level}</span>
          <span class="note-text" title={wholeText(message)}>
            {shownText(message)}
          </span>
          <span class="muted">
            {run_id ? <a href={runPath(run_id)}>{shownText(activity, 60) || 'run'}</a> : shownText(activity, 60)}{' '}
            <time dateTime={at} title={exactTime(at)}>
              {ago(at)}
            </time>
          </span>
        </li>
      ))}
    </ul>
  );
}
