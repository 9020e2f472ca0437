/** A live view as the screen asks it: snapshots that cost little when little changed. */
import { existsSync } from 'node:fs';
import { usageBudgets } from '../../evaluate-usage.ts';
import { listAlerts } from '../../list-alerts.ts';
import { LiveView, type LiveViewOptions } from '../../live/live-view.ts';
import type { PipelineEvent } from '../../model/document-schema.ts';
import { contentOf } from '../../query/show-activity.ts';
import { localCalendar } from '../../usage/local-calendar.ts';
import { slotUsage } from '../../usage/slot-usage.ts';
import { RunSummaries } from './run-summaries.ts';
import type { WatchMoney, WatchSnapshot } from './watch-snapshot.ts';

const DAY_MILLIS = 86_400_000;
/** Limits are looked at anew this often, and when usage was read. */
const MONEY_MILLIS = 60_000;
const NANO_PER_USD = 1e9;

export interface WatchSourceOptions extends Omit<LiveViewOptions, 'clock'> {
  now: () => number;
}

export class WatchSource {
  readonly view: LiveView;
  readonly #options: WatchSourceOptions;
  readonly #summaries: RunSummaries;
  #shown = '';
  #wasWhole = false;
  #events: PipelineEvent[] = [];
  #money: WatchMoney | null = null;
  #moneyOf: unknown = null;
  #moneyAt = 0;
  #said: string | null = null;

  constructor(options: WatchSourceOptions) {
    this.#options = options;
    this.view = new LiveView({
      ...options,
      waitsForFolder: true,
      say: message => {
        this.#said = message;
        options.say(message);
      },
      onEvents: events => {
        this.#events.push(...events);
        options.onEvents?.(events);
      },
    });
    this.#summaries = new RunSummaries(this.view.usageOf);
  }

  /** Everything there is to read, at once: for a single picture. */
  async readAll(): Promise<void> {
    const { history, requests } = this.view;
    if (existsSync(this.#options.stateDir)) await this.view.readUsage();
    history.follow();
    while (!history.isWhole) history.readOlder();
    requests.refresh();
  }

  snapshot(): WatchSnapshot {
    const { view } = this;
    const now = this.#options.now();
    const { table, head, isWhole, state } = view.history;
    const shown = `${view.version} ${table.version}`;
    if (this.#shown !== shown || !isWhole) {
      // While history comes in, runs get what is below them in any order.
      if (!isWhole || !this.#wasWhole) this.#summaries.touchAll();
      this.#summaries.touch(table, this.#events);
      this.#events = [];
      this.#wasWhole = isWhole;
      this.#summaries.touchUnsettled();
      this.#summaries.refresh(table, now);
      this.#shown = shown;
    }
    return {
      now,
      stateDir: this.#options.stateDir,
      head,
      isWhole,
      table,
      runs: this.#summaries.runs,
      version: this.#summaries.version,
      usageOf: view.usageOf,
      problems: this.#summaries.problems,
      burn: [view.requests.burn(1), view.requests.burn(5)],
      money: this.#moneyNow(now),
      said: this.#said,
      contentOf: ({ event_id, session_id }) => contentOf(state, { event_id, session_id: session_id ?? undefined }),
    };
  }

  #moneyNow(now: number): WatchMoney | null {
    const { usage } = this.view;
    if (!usage) return null;
    if (this.#moneyOf !== usage || now - this.#moneyAt > MONEY_MILLIS) {
      this.#moneyOf = usage;
      this.#moneyAt = now;
      const calendar = localCalendar();
      const evaluation = { view: usage.view, pricing: usage.pricing.pricing, calendar, now };
      const slots = slotUsage(usage.view.cube, { from: calendar.startOf('day', now), until: now + 1 });
      const isRecent = ({ at }: { at: string }): boolean => Date.parse(at) > now - DAY_MILLIS;
      this.#money = {
        today: slots.reduce((sum, { cost }) => sum + cost, 0) / NANO_PER_USD,
        alerts: listAlerts({ ...evaluation, stateDir: this.#options.stateDir })
          .filter(isRecent)
          .reverse(),
        budgets: usageBudgets(evaluation).filter(({ level }) => level !== 'ok'),
      };
    }
    return this.#money;
  }
}
