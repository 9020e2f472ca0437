import { expect, it } from 'vitest';
import { addRequest, beginUsage, endUsage, type OpenUsage } from '../../src/processor/usage-sums.ts';

const tokens = { input: 1, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 };
const one = { tokens, requests: 1, cost_nanousd: 5 };
const TOTAL = 'spanbook.usage.total.requests';

it('holds on to nothing of steps that each begin the next one before they end', () => {
  const root = beginUsage(null);
  let step = beginUsage(root);
  for (let count = 0; count < 1000; count++) {
    const next = beginUsage(step);
    addRequest(step, one);
    endUsage(step, 'agent');
    step = next;
  }
  let depth = 0;
  for (let at: OpenUsage | null = step; at; at = at.around) depth++;
  expect(depth).toBeLessThan(5);
  endUsage(step, 'agent');
  expect(endUsage(root, 'command')).toMatchObject({
    [TOTAL]: 1000,
    'spanbook.summary': expect.stringMatching(/1,001 agents$/),
  });
});

it('counts a request that ends after its activity on what is around that', () => {
  const command = beginUsage(null);
  const agent = beginUsage(command);
  expect(endUsage(agent, 'agent')).toBeNull();
  addRequest(agent, one);
  expect(endUsage(command, 'command')).toMatchObject({ [TOTAL]: 1, 'spanbook.usage.self.requests': 0 });
});

it('takes requests outside any activity, and after all of them', () => {
  const command = beginUsage(null);
  endUsage(command, 'command');
  expect(() => {
    addRequest(null, one);
    addRequest(command, one);
  }).not.toThrow();
});
