// A small pipeline, instrumented with the span helpers of spanbook. Run it in a clone:
//
//   node examples/instrument-code.mjs
//   npx spanbook pipeline hierarchy
//
// It writes to the state folder: SPANBOOK_STATE_DIR, else state/ of the working directory.
import { PipelineQueryApi, startPipeline } from 'spanbook';

const pipeline = startPipeline({ systemName: 'Inventory', stage: 'prototype' });
const { withAgent, withCommand, withSkill } = pipeline;

await withCommand('/prototype', { intent: 'Generate a prototype' }, async command => {
  // Two branches at once: each finds its own parent.
  await Promise.all([
    withAgent('builder', { label: 'order form' }, async agent => {
      agent.recordUsage({ model: 'claude-sonnet-4-5', inputTokens: 1200, outputTokens: 340, cacheReadTokens: 8000 });
      agent.recordWarning({ type: 'DeprecationWarning', message: 'Using deprecated API' });
    }),
    withSkill('Prototype_Builder', async () => 'whatever the function gives back'),
  ]);
  command.setOutputs({ files_created: 10 });
});

await withCommand('/validate', { stage: 'validation' }, async command => {
  command.recordInfo('checking 10 files');
  await withSkill('Schema_Checker', async skill => {
    skill.recordError({
      type: 'ValidationError',
      message: 'Invalid input',
      severity: 'high',
      recovery: { action: 'skip', fallback: 'default' },
    });
  });
});

await pipeline.shutdown();

console.log(new PipelineQueryApi().getStatistics());
