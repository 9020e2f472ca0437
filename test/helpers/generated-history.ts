/** A history of many runs, and a run of many spans, as a journal that a month of work might have left: the same each time. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { EndFact, Fact, StartFact } from '../../src/model/fact.ts';

export interface HistoryOptions {
  runs: number;
  /** The end of the history, in milliseconds since 1970. */
  now: number;
  /** Default: 30. */
  days?: number;
  /** The last ones are left open. Default: 2. */
  open?: number;
}

const DAY_MILLIS = 86_400_000;
const COMMANDS = ['/build', '/test', '/review', '/deploy', '/fix', 'prompt'];
const STAGES = ['design', 'implementation', 'verification', 'release'];
const AGENTS = ['builder', 'tester', 'explorer', 'general-purpose'];
const SKILLS = ['prototype-builder', 'changelog', 'release-notes'];
/** Nano-dollars for a token of input; the rest follows from it. */
const MODELS = [
  ['claude-sonnet-4-5', 3000],
  ['claude-haiku-4-5', 1000],
  ['claude-opus-4-5', 5000],
] as const;
const FAILURES = [
  ['TestFailure', '3 of 214 tests failed: parses dates, keeps order, closes files'],
  ['Timeout', 'the server did not answer within 30 s'],
  ['ValidationError', 'config.yaml, line 12: expected a number, got "many"'],
] as const;

/** Numbers between 0 and 1 that are the same in every run of the tests. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const hex = (number: number, digits = 16): string => number.toString(16).padStart(digits, '0');

/** Writes the facts into the journal of a state folder. */
export function writeFacts(stateDir: string, facts: Iterable<Fact>, segment = 1): void {
  mkdirSync(`${stateDir}/journal`, { recursive: true, mode: 0o700 });
  let text = '';
  for (const fact of facts) text += `${JSON.stringify(fact)}\n`;
  writeFileSync(`${stateDir}/journal/events-${hex10(segment)}.jsonl`, text, { mode: 0o600 });
}

const hex10 = (segment: number): string => String(segment).padStart(8, '0');

/** Commands with agents, skills and requests in them; some fail, some warn, one kind became slower. */
export function* generatedHistory({ runs, now, days = 30, open = 2 }: HistoryOptions): Generator<Fact> {
  const random = numbersFrom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const step = (days * DAY_MILLIS) / runs;
  let ids = 1;
  for (let run = 0; run < runs; run++) {
    const isOpen = run >= runs - open;
    let at = Math.round(isOpen ? now - 90_000 * (runs - run) : now - days * DAY_MILLIS + run * step);
    const trace = hex(run + 1, 32);
    const session = `${hex(Math.floor(run / 8) + 1, 8)}-0000-4000-8000-000000000001`;
    const base = () => ({ v: 1, at, source: 'hook', session }) as const;
    const start = (level: StartFact['level'], name: string, parent: string | null, more: Partial<StartFact> = {}) => {
      const span = hex(ids++);
      return { ...base(), kind: 'start', level, span, trace, name, parent, ...more } satisfies StartFact;
    };
    const end = (span: string, status: EndFact['status'] = 'completed') =>
      ({ ...base(), kind: 'end', span, status }) satisfies EndFact;
    const name = COMMANDS[run % COMMANDS.length] ?? '/build';
    const isFailing = random() < 0.06;
    const root = start('command', name, null, {
      stage: STAGES[Math.floor(run / 3) % STAGES.length],
      system: 'Ledger',
      label: `${pick(['Add', 'Repair', 'Check', 'Ship', 'Tidy'])} ${pick(['the parser', 'retries', 'the relay', 'docs'])}`,
    });
    yield root;
    const slow = name === '/deploy' && run > runs * 0.8 ? 2.4 : 1;
    const parts = 1 + Math.floor(random() * 3);
    for (let part = 0; part < parts; part++) {
      at += 400;
      const agent = start('agent', AGENTS[(run + part) % AGENTS.length] ?? 'builder', root.span);
      yield agent;
      at += Math.round((2000 + random() * 9000) * slow);
      const [model, price] = MODELS[(run + part) % MODELS.length] ?? MODELS[0];
      const tokens = {
        input: Math.round(200 + random() * 900),
        cache_read: Math.round(random() * 600) * 100,
        cache_write_5m: Math.round(random() * 1000) * 4,
        cache_write_1h: 0,
        output: Math.round(100 + random() * 1800),
      };
      const { input, cache_read, cache_write_5m, output } = tokens;
      const cost_nanousd = price * (input + cache_read / 10 + cache_write_5m * 1.25 + output * 5);
      const request = { id: hex(ids++), parent: agent.span, trace, model, tokens, cost_nanousd, start: at - 1500 };
      yield { ...base(), kind: 'request', ...request };
      if (isOpen && part === parts - 1) break;
      if (random() < 0.08) {
        const message = 'Bash failed: command not found: pnpm';
        yield {
          ...base(),
          kind: 'note',
          level: 'warning',
          id: hex(ids++),
          parent: agent.span,
          type: 'ToolFailure',
          message,
        };
      }
      yield end(agent.span, isFailing && part === 0 ? 'failed' : 'completed');
    }
    if (isOpen) continue;
    if (run % 3 === 0) {
      const skill = start('skill', pick(SKILLS), root.span);
      yield skill;
      at += Math.round(500 + random() * 1500);
      yield end(skill.span);
    }
    if (isFailing) {
      const [type, message] = pick(FAILURES);
      yield {
        ...base(),
        kind: 'note',
        level: 'error',
        id: hex(ids++),
        parent: root.span,
        type,
        message,
        severity: 'high',
      };
    }
    at += 300;
    yield end(root.span, isFailing ? 'failed' : random() < 0.02 ? 'cancelled' : 'completed');
  }
}

/** One run of agents that run side by side, with skills and checkpoints below them: `spans` activities in all. */
export function* bigRun({ spans, now }: { spans: number; now: number }): Generator<Fact> {
  const random = numbersFrom(11);
  const trace = 'b'.repeat(32);
  const start = now - 3_600_000;
  const facts: (Fact & { at: number })[] = [];
  const add = (id: number, from: number, to: number, more: Pick<StartFact, 'level' | 'name' | 'parent'>): void => {
    const base = { v: 1, source: 'hook', session: 'big-run' } as const;
    const span = hex(0xb1600000 + id);
    facts.push({ ...base, at: Math.round(from), kind: 'start', span, trace, ...more });
    const status = random() < 0.01 ? 'failed' : 'completed';
    facts.push({ ...base, at: Math.round(to), kind: 'end', span, status });
  };
  const idOf = (number: number): string => hex(0xb1600000 + number);
  add(0, start, now - 1000, { level: 'command', name: '/big', parent: null });
  const perAgent = 25;
  for (let id = 1; id < spans; ) {
    const agent = id++;
    const from = start + ((now - 60_000 - start) * agent) / spans;
    const length = 20_000 + random() * 40_000;
    const size = Math.min(perAgent, spans - agent);
    add(agent, from, from + length, { level: 'agent', name: pickName(agent), parent: idOf(0) });
    for (let part = 1; part < size && id < spans; part++) {
      const begin = from + (length * part) / size;
      const level = part % 2 === 0 ? 'skill' : 'checkpoint';
      const name = level === 'skill' ? (SKILLS[part % SKILLS.length] ?? 'changelog') : `step ${part}`;
      add(id++, begin, begin + (length / size) * 0.9, { level, name, parent: idOf(agent) });
    }
  }
  facts.sort((a, b) => a.at - b.at);
  yield* facts;
}

const pickName = (number: number): string => AGENTS[number % AGENTS.length] ?? 'builder';

/** Names and messages that want to be obeyed. */
export function* hostileFacts(now: number): Generator<Fact> {
  const names = [
    '<script>document.title="owned"</script>',
    '<img src=x onerror="document.title=\'owned\'">',
    '\u001b[31mred\u001b[0m \u202egnp.exe',
    '=HYPERLINK("http://127.0.0.1:1/","click")',
    '__proto__',
    '{a|b} {{c}} %s',
    `long ${'x'.repeat(1_000_000)}`,
  ];
  for (const [index, name] of names.entries()) {
    const base = { v: 1, source: 'hook', session: name.slice(0, 200) } as const;
    const span = hex(0xe1100000 + index);
    const trace = hex(0xe1100000 + index, 32);
    const at = now - 100_000 + index * 10_000;
    const stage = name.slice(0, 200);
    yield { ...base, at, kind: 'start', level: 'command', span, trace, name, parent: null, label: name, stage };
    const agent = hex(0xe1200000 + index);
    yield { ...base, at: at + 10, kind: 'start', level: 'agent', span: agent, trace, name, parent: span };
    const tokens = { input: 10, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 5 };
    const model = name.slice(0, 300);
    yield { ...base, at: at + 20, kind: 'request', id: hex(0xe1300000 + index), parent: agent, trace, model, tokens };
    const note = { id: hex(0xe1400000 + index), parent: span, type: name.slice(0, 300), message: name } as const;
    yield { ...base, at: at + 30, kind: 'note', level: 'error', ...note };
    yield { ...base, at: at + 40, kind: 'end', span: agent, status: 'failed', error: { type: 'E', message: name } };
    // The last one stays open, and stands among what runs.
    if (index < names.length - 1) yield { ...base, at: at + 50, kind: 'end', span, status: 'failed' };
  }
}
