/** total = self + what is below, on spans, in the document and in the ledger, whatever a program does. */
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { UsageReport } from '../src/span/activity.ts';
import {
  addSums,
  makeProgram,
  type SpanProgram,
  type Sum,
  sumOfAttributes,
  sumOfChat,
  sumOfLedger,
  sumsOfDocument,
} from './helpers/span-usage.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) };

interface Step {
  level: 'command' | 'agent' | 'skill' | 'checkpoint';
  requests: UsageReport[];
  inside: Step[];
  isParallel: boolean;
  /** Goes to the next turn of the event loop, so that branches meet. */
  waits: boolean;
  fails: boolean;
}

const tokens = fc.oneof(fc.nat({ max: 5000 }), fc.nat({ max: 400_000 }), fc.constant(undefined));
const request: fc.Arbitrary<UsageReport> = fc.record(
  {
    model: fc.constantFrom(
      'claude-opus-5',
      'claude-sonnet-4-5-20250929',
      'claude-haiku-4-5',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'unknown-model',
    ),
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadTokens: tokens,
    cacheWrite5mTokens: tokens,
    cacheWrite1hTokens: tokens,
    webSearches: fc.nat({ max: 2 }),
    fast: fc.boolean(),
    geo: fc.constantFrom('us', 'global'),
  },
  { requiredKeys: ['model'] },
);

const treeOf = (depth: number): fc.Arbitrary<Step> =>
  fc.record({
    level: fc.constantFrom('command', 'agent', 'skill', 'checkpoint'),
    requests: fc.array(request, { maxLength: 3 }),
    inside: depth === 0 ? fc.constant([]) : fc.array(treeOf(depth - 1), { maxLength: 3 }),
    isParallel: fc.boolean(),
    waits: fc.boolean(),
    fails: fc.boolean(),
  });
const tree = treeOf(3);

const HELPERS = {
  command: 'withCommand',
  agent: 'withAgent',
  skill: 'withSkill',
  checkpoint: 'withCheckpoint',
} as const;

/** Names may be the same: activities are told apart by their ids. */
function play(program: SpanProgram, step: Step): Promise<void> {
  const { requests, inside, isParallel, waits, fails } = step;
  const run = program.pipeline[HELPERS[step.level]](step.level, async activity => {
    const half = Math.ceil(requests.length / 2);
    for (const usage of requests.slice(0, half)) activity.recordUsage(usage);
    if (waits) await new Promise(setImmediate);
    if (isParallel) await Promise.all(inside.map(child => play(program, child)));
    else for (const child of inside) await play(program, child);
    for (const usage of requests.slice(half)) activity.recordUsage(usage);
    if (fails) throw new Error('as planned');
  });
  return run.catch(() => {});
}

const isChat = (span: ReadableSpan): boolean => span.name.startsWith('chat ');
const idOf = (span: ReadableSpan): string => span.spanContext().spanId;

it('adds up from the requests to the root, on spans, in the document and in the ledger', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async root => {
      const program = makeProgram();
      await play(program, root);
      await program.pipeline.forceFlush();
      const spans = program.spans();
      const activities = spans.filter(span => !isChat(span));
      const all = addSums(spans.filter(isChat).map(sumOfChat));
      const document = sumsOfDocument(program.stateDir);
      const self = (span: ReadableSpan): Sum => sumOfAttributes(span.attributes, 'self');
      const total = (span: ReadableSpan): Sum => sumOfAttributes(span.attributes, 'total');
      for (const span of activities) {
        const inside = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === idOf(span));
        const below = inside.filter(child => !isChat(child)).map(total);
        expect(self(span)).toEqual(addSums(inside.filter(isChat).map(sumOfChat)));
        expect(total(span)).toEqual(addSums([self(span), ...below]));
        const used = total(span).requests > 0;
        expect('spanbook.summary' in span.attributes).toBe(used);
        expect(document.get(idOf(span))).toEqual(used ? { self: self(span), total: total(span) } : undefined);
      }
      const top = activities.find(span => span.parentSpanContext === undefined);
      expect(top && total(top)).toEqual(all);
      expect(addSums(activities.map(self))).toEqual(all);
      expect(sumOfLedger(program.stateDir)).toEqual(all);
    }),
    RUNS,
  );
}, 120_000);
