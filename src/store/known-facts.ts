/** What a state folder knows, as an import asks for it: ids, open ends, sessions. */
import { callKey, runSpan, systemPromptId } from '../model/owner.ts';
import type { FoldState } from '../model/state.ts';
import { archivedEventIds } from './archived-event-ids.ts';

/** A prompt and its record in the transcript are written within this time of each other. */
const SAME_PROMPT_MILLIS = 2000;

export class KnownFacts {
  readonly #stateDir: string;
  readonly #state: FoldState;
  readonly #prompts: ReadonlyMap<string, string>;
  readonly #added = new Set<string>();
  readonly #open = new Set<string>();
  /** Runs that a prompt without an id was matched with. */
  readonly #claimed = new Set<string>();
  readonly #openAgents = new Set<string>();
  #isArchived: ((id: string) => boolean) | null = null;
  /** The transcript that is read now. */
  own = '';

  constructor(stateDir: string, state: FoldState, prompts: ReadonlyMap<string, string>) {
    this.#stateDir = stateDir;
    this.#state = state;
    this.#prompts = prompts;
  }

  has(id: string): boolean {
    const { activities, seen } = this.#state;
    if (this.#added.has(id) || activities.has(id) || seen.has(id) || this.#state.isArchived(id)) return true;
    // The state remembers the newest ids of the archives only.
    this.#isArchived ??= archivedEventIds(this.#stateDir);
    return this.#isArchived(id);
  }

  /** True if nobody told of this id before; from now on somebody did. */
  isNew(id: string): boolean {
    if (this.has(id)) return false;
    this.#added.add(id);
    return true;
  }

  hasCall(toolUse: string): boolean {
    return this.#state.calls.has(toolUse) || this.#state.isArchived(callKey(toolUse));
  }

  isAdded(id: string): boolean {
    return this.#added.has(id);
  }

  addOpen(span: string, agent?: string): void {
    this.#open.add(span);
    if (agent !== undefined) this.#openAgents.add(agent);
  }

  isAgentOpen(agent: string): boolean {
    const spans = this.#state.agentSpans.get(agent) ?? [];
    return this.#openAgents.has(agent) || spans.some(span => this.#state.open.has(span));
  }

  stateOf(span: string): 'open' | 'ended' | 'unknown' {
    if (this.#open.has(span)) return 'open';
    const activity = this.#state.activities.get(span);
    if (!activity) return 'unknown';
    const isGuessed = activity.end?.status === 'abandoned' && activity.endSlot >= 0;
    return !activity.end || isGuessed ? 'open' : 'ended';
  }

  hasSession(session: string): boolean {
    return this.#state.sessions.has(session);
  }

  hasSystemPrompt(prompt: string): boolean {
    return this.#state.runAlias.has(prompt) || this.has(systemPromptId(prompt));
  }

  isSeenElsewhere(uuid: string): boolean {
    const path = this.#prompts.get(uuid);
    return path !== undefined && path !== this.own;
  }

  /** For clients whose hooks named no prompt: the run that began in this session at this time. */
  keyOfRunAt(session: string, at: number, uuid: string): string | undefined {
    if (uuid !== '' && this.has(runSpan(uuid))) return uuid;
    let nearest: { run: string; distance: number } | undefined;
    for (const activity of this.#state.activities.values()) {
      const { run } = activity;
      const isLive = activity.level === 'command' && activity.session === session && activity.source === 'hook';
      if (!isLive || run === undefined || this.#claimed.has(run)) continue;
      const distance = Math.abs(activity.startAt - at);
      if (distance <= SAME_PROMPT_MILLIS && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) {
        nearest = { run, distance };
      }
    }
    if (nearest) this.#claimed.add(nearest.run);
    return nearest?.run;
  }
}
