/** What the Bash tool of the real client starts joins its run, also where the client traces itself. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPANBOOK } from '../helpers/run-monitor.ts';
import { ROOT } from '../helpers/run-program.ts';
import { askState, type DocumentEvent, edgesOf } from '../helpers/state-document.ts';
import { agent, bash, skill } from './calls.ts';
import { eachClient } from './each-client.ts';
import { openStage, type Stage } from './stage.ts';

/** Runs a command in a folder of the project, and comes back: the client remembers where its shell was. */
const inFolder = (command: string) => bash(`(mkdir -p deep && cd deep && ${command})`);
/** A program of exec that writes down what it was handed. */
const exec = (name: string) =>
  inFolder(`node ${SPANBOOK} exec --name ${name} -- printenv TRACEPARENT > ../${name}.txt`);

const SCRIPTS = {
  build: [
    { calls: [exec('in-run')] },
    { calls: [agent('builder', 'alone')] },
    { calls: [agent('builder', 'one'), agent('tester', 'two')] },
    { calls: [skill('prototype-builder')] },
    { calls: [inFolder(`node ${ROOT}dist/hooks/log-event.cjs --message 'in the skill'`)] },
    { calls: [inFolder(`node ${ROOT}test/fixtures/pipeline-child.mjs`)] },
    { text: 'done' },
  ],
  alone: [{ calls: [exec('in-agent')] }, { text: 'ok' }],
  one: [{ calls: [exec('in-one')] }, { text: 'ok' }],
  two: [{ calls: [exec('in-two')] }, { text: 'ok' }],
};

/** Without the last, clients hand their spans only to those who speak with the real API. */
const OWN_TRACING = {
  CLAUDE_CODE_ENABLE_TELEMETRY: '1',
  CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
  OTEL_TRACES_EXPORTER: 'otlp',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  CLAUDE_CODE_PROPAGATE_TRACEPARENT: '1',
};

eachClient('children of the Bash tool', client => {
  describe.each([
    ['as it is', {}],
    ['with its own tracing', OWN_TRACING],
    ['that was handed a parent', { SPANBOOK_PARENT_EVENT_ID: 'evt-0123456789abcdef' }],
  ])('of a client %s', (_how, env: Record<string, string>) => {
    let stage: Stage;
    let events: DocumentEvent[];

    beforeAll(async () => {
      stage = await openStage({ client, hooks: 'ours', env, scripts: () => SCRIPTS });
      const { code, stderr } = await stage.run('/build it');
      expect([code, stderr]).toEqual([0, '']);
      events = askState(stage.project.stateDir).events;
    });
    afterAll(() => stage.close());

    const startOf = (name: string): DocumentEvent | undefined =>
      events.find(event => event.activity.name === name && event.event_type.endsWith('_start'));

    it('hang where the client was at the time', () => {
      expect(edgesOf(askState(stage.project.stateDir)).filter(edge => / > (in-|\/)/.test(edge))).toEqual(
        [
          '/build > builder > in-agent',
          '/build > in-run',
          '/build > prototype-builder > /helpers',
          '/build > prototype-builder > /helpers > inside',
          '/build > prototype-builder > /logger',
          ...edgesOfParallel(),
        ].sort(),
      );
      expect(events.find(event => event.message === 'in the skill')?.hierarchy.path).toEqual([
        '/build',
        'prototype-builder',
      ]);
      expect(existsSync(`${stage.project.folder}/deep/state`)).toBe(false);
    });

    /** Agents that run side by side: one that was alone again may be known, else what they have in common. */
    const edgesOfParallel = (): string[] =>
      ['in-one', 'in-two'].map(name => {
        const path = startOf(name)?.hierarchy.path ?? [];
        expect([['/build'], ['/build', name === 'in-one' ? 'builder' : 'tester']]).toContainEqual(path);
        return [...path, name].join(' > ');
      });

    it('are in its trace and its session', () => {
      const { trace, session_id } = startOf('/build') as DocumentEvent;
      for (const event of events) {
        expect([event.trace.trace_id, event.session_id]).toEqual([trace.trace_id, session_id]);
      }
    });

    it('hand that trace on', () => {
      for (const name of ['in-run', 'in-agent', 'in-one', 'in-two']) {
        const { trace_id, span_id } = (startOf(name) as DocumentEvent).trace;
        const handed = readFileSync(`${stage.project.folder}/${name}.txt`, 'utf8').trim();
        expect(handed).toBe(`00-${trace_id}-${span_id}-01`);
      }
    });
  });
});
