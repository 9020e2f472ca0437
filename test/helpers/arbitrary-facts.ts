/** Random facts of all kinds over a few sessions, prompts, agents, tool uses and spans, so that they meet often. */
import fc from 'fast-check';
import { ACTIVITY_LEVELS, END_STATUSES, type Fact, NOTE_LEVELS } from '../../src/model/fact.ts';
import { spanIdOf } from '../../src/model/ids.ts';

export const BASE_TIME = Date.UTC(2026, 0, 1);

const pool = (letter: string, count: number, digits: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i}`.padStart(digits, '0'));
const SPANS = pool('a', 8, 16);
const UNKNOWN_SPAN = 'f'.repeat(16);
const RUN_SPANS = ['p1', 'p2'].map(prompt => spanIdOf('command', prompt));
const NOTES = pool('b', 6, 16);
const REQUESTS = pool('c', 4, 16);
const TRACES = pool('d', 3, 32);
const SESSIONS = ['s1', 's2'];
const HUMAN_PROMPTS = ['p1', 'p2', 'p3'];
const SYSTEM_PROMPTS = ['p4', 'p5'];
const PROMPTS = [...HUMAN_PROMPTS, ...SYSTEM_PROMPTS];
const AGENTS = ['x1', 'x2', 'x3'];
const TOOLS = ['t1', 't2', 't3', 't4', 't5'];

const oneOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Texts that break naive writers of JSON and naive objects. */
export const awkwardName: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: oneOf(['/build', 'builder', 'tester', '5']) },
  {
    weight: 1,
    arbitrary: oneOf(['__proto__', 'constructor', 'a\nb', 'quote"\\', '\u2028', '\ud800', 'é😀', '\u001b[2J']),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);

const at = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 100_000 }).map(n => BASE_TIME + n) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map(days => BASE_TIME + days * 90_000_000) },
);
const scriptBase = {
  v: fc.constant(1),
  at,
  source: oneOf(['span', 'hook', 'import'] as const),
  session: maybe(oneOf(SESSIONS)),
};
const namedParent = fc.oneof(oneOf(SPANS), fc.constant(null), fc.constant(UNKNOWN_SPAN));
const count = fc.nat(1000);

/** Facts of span helpers and script hooks in which every end names its span, as repeated ones must. */
export const identifiedScriptFact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      ...scriptBase,
      kind: fc.constant('start' as const),
      level: oneOf(ACTIVITY_LEVELS),
      span: oneOf(SPANS),
      trace: oneOf(TRACES),
      name: awkwardName,
      parent: maybe(namedParent),
      handed: maybe(fc.constant(true as const)),
      program: maybe(fc.constant(true as const)),
      label: maybe(awkwardName),
      stage: maybe(oneOf(['alpha', 'beta'])),
      system: maybe(oneOf(['One', 'Two'])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ ...scriptBase, kind: fc.constant('lost' as const), span: oneOf([...SPANS, ...RUN_SPANS]) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...scriptBase,
      kind: fc.constant('end' as const),
      span: oneOf(SPANS),
      status: oneOf(END_STATUSES),
      outputs: maybe(fc.dictionary(awkwardName, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...scriptBase,
      kind: fc.constant('note' as const),
      level: oneOf(NOTE_LEVELS),
      id: oneOf(NOTES),
      message: awkwardName,
      parent: maybe(namedParent),
      handed: maybe(fc.constant(true as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...scriptBase,
      kind: fc.constant('request' as const),
      id: oneOf(REQUESTS),
      parent: namedParent,
      model: fc.constant('m'),
      tokens: fc.record({
        input: count,
        cache_read: count,
        cache_write_5m: count,
        cache_write_1h: count,
        output: count,
      }),
      cost_nanousd: maybe(count),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ ...scriptBase, span: namedParent, requests: fc.nat({ max: 3 }), output: count, cost: count })
      .map(({ requests, output, cost, span, ...base }) => {
        const tokens = { input: requests, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output };
        const self = { tokens, requests, cost_nanousd: cost, unpriced_tokens: 0 };
        const told = { span: span ?? '0'.repeat(16), self, total: self, leaves: [], complete: true };
        return { ...base, kind: 'usage' as const, ...told };
      }),
  },
);

/** An end by level and name, a new context, an input that was no JSON: each copy of these counts for itself. */
export const anonymousFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({
    ...scriptBase,
    kind: fc.constant('end' as const),
    level: oneOf(ACTIVITY_LEVELS),
    name: maybe(oneOf(['/build', 'builder', 'tester', '5'])),
    status: oneOf(END_STATUSES),
  }),
  fc.record({
    ...scriptBase,
    kind: fc.constant('context' as const),
    stage: maybe(oneOf(['gamma', null])),
    system: maybe(oneOf(['Three', null])),
    checkpoint: maybe(oneOf([7, 'seven', null])),
  }),
  fc.record({ ...scriptBase, kind: fc.constant('other' as const), parse_error: maybe(fc.constant('no JSON')) }),
);

const clientBase = { v: fc.constant(1), at, source: fc.constant('hook' as const), session: oneOf(SESSIONS) };
const owned = { ...clientBase, prompt: oneOf(PROMPTS), agent: maybe(oneOf(AGENTS)) };
const toolUse = oneOf(TOOLS);
const stage = oneOf(['alpha', 'beta']);
const kind = <K extends Fact['kind']>(name: K): fc.Arbitrary<K> => fc.constant(name);

/** Facts of Claude Code in any order, also in orders that no client would make. */
export const clientFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ ...clientBase, kind: kind('session_start'), reason: oneOf(['startup', 'resume', 'clear', 'compact']) }),
  fc.record({ ...clientBase, kind: kind('session_end'), reason: fc.constant('other') }),
  {
    weight: 3,
    arbitrary: fc.record({ ...clientBase, prompt: oneOf(HUMAN_PROMPTS), kind: kind('prompt'), stage: maybe(stage) }),
  },
  fc.record({
    ...clientBase,
    prompt: oneOf(SYSTEM_PROMPTS),
    kind: kind('prompt'),
    system: fc.constant(true),
    about: maybe(fc.subarray(AGENTS)),
    outcomes: maybe(fc.constant<string[]>(['completed', 'killed', ''])),
  }),
  fc.record({
    ...clientBase,
    prompt: oneOf(HUMAN_PROMPTS),
    kind: kind('command'),
    name: awkwardName,
    stage: maybe(stage),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      ...clientBase,
      prompt: oneOf(PROMPTS),
      kind: kind('stop'),
      interrupted: maybe(fc.constant(true)),
    }),
  },
  fc.record({
    ...clientBase,
    prompt: oneOf(PROMPTS),
    kind: kind('stop_failure'),
    error: fc.constant('rate_limit'),
    agent: maybe(oneOf(AGENTS)),
  }),
  fc.record({ ...owned, kind: kind('skill_return'), tool_use: toolUse, child: oneOf(AGENTS) }),
  {
    weight: 3,
    arbitrary: fc.record({
      ...owned,
      kind: kind('agent_call'),
      tool_use: toolUse,
      name: awkwardName,
      label: maybe(awkwardName),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...owned,
      kind: kind('agent_return'),
      tool_use: toolUse,
      child: maybe(oneOf(AGENTS)),
      status: oneOf(['completed', 'async_launched']),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...owned,
      agent: oneOf(AGENTS),
      kind: kind('agent_start'),
      name: awkwardName,
      stage: maybe(stage),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...owned, agent: oneOf(AGENTS), kind: kind('agent_end') }) },
  { weight: 2, arbitrary: fc.record({ ...owned, kind: kind('skill_call'), tool_use: toolUse, name: awkwardName }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...owned,
      kind: oneOf(['tool_failure', 'tool_denied'] as const),
      tool_use: toolUse,
      name: fc.constant('Bash'),
      message: awkwardName,
    }),
  },
  fc.record({
    ...clientBase,
    source: fc.constant('import' as const),
    prompt: maybe(oneOf(PROMPTS)),
    kind: kind('tool_wait'),
    tool_use: toolUse,
    name: fc.constant('Bash'),
    decision: oneOf(['user_temporary', 'user_reject']),
  }),
);

export const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 4, arbitrary: identifiedScriptFact },
  { weight: 1, arbitrary: anonymousFact },
  { weight: 5, arbitrary: clientFact },
);

/** A list in which some facts come again later, and a place to cut it. */
export const factsWithDuplicatesAndCut = (fact: fc.Arbitrary<Fact>) =>
  fc.array(fact, { maxLength: 40, size: 'max' }).chain(facts =>
    fc.record({
      facts: fc
        .array(fc.nat(Math.max(0, facts.length - 1)), { maxLength: 8 })
        .map(again => [...facts, ...again.flatMap(index => facts[index] ?? [])]),
      cut: fc.nat(facts.length),
    }),
  );
