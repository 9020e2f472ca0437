/** Which events a watch without a screen tells, each once in each form that it takes. */
import type { PipelineEvent } from '../../model/document-schema.ts';
import { isEnd, isStart } from '../../query/event-kinds.ts';
import type { ActivityTable } from '../../query/runs/activity-table.ts';
import { wordsOf } from './order-runs.ts';

/** Events that come again are those of late: forms of older ones are forgotten. */
const KEPT = 5000;

export interface EventChoice {
  session: string | undefined;
  filter: string;
}

export class EventFilter {
  readonly #choice: EventChoice;
  readonly #words: readonly string[];
  /** By `event_id`, as it was told last. */
  readonly #told = new Map<string, string>();

  constructor(choice: EventChoice) {
    this.#choice = choice;
    this.#words = wordsOf(choice.filter);
  }

  /** Those that are to be told, with whether they were told before in another form. */
  take(table: ActivityTable, events: readonly PipelineEvent[]): { event: PipelineEvent; isAgain: boolean }[] {
    return events.flatMap(event => {
      const text = JSON.stringify(event);
      const before = this.#told.get(event.event_id);
      this.#told.delete(event.event_id);
      this.#told.set(event.event_id, text);
      const [oldest] = this.#told.keys();
      if (this.#told.size > KEPT && oldest !== undefined) this.#told.delete(oldest);
      if (before === text || !this.#passes(table, event)) return [];
      return [{ event, isAgain: before !== undefined }];
    });
  }

  #passes(table: ActivityTable, event: PipelineEvent): boolean {
    const { session } = this.#choice;
    if (session !== undefined && event.session_id?.startsWith(session) !== true) return false;
    if (this.#words.length === 0) return true;
    const id = isEnd(event) ? event.related_start_event_id : isStart(event) ? event.event_id : event.parent_event_id;
    const { activity, context } = event;
    const root = table.rootOf(id ?? '');
    const names = [activity.name, activity.label, context.stage, context.system_name, root?.name, root?.label];
    const text = [...names, event.session_id, ...event.hierarchy.path].join('\n').toLowerCase();
    return this.#words.every(word => text.includes(word));
  }
}
