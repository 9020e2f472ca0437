import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { getLogger, logSkillExecution } from '../src/logger.ts';
import { edgesOf, makeStateFolder, readState } from './helpers/state-document.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

describe('getLogger', () => {
  it('is the same logger each time', () => {
    const stateDir = makeStateFolder();
    expect(getLogger({ stateDir })).toBe(getLogger({ stateDir }));
  });

  it('does everything that the original logger did', async () => {
    const stateDir = makeStateFolder();
    vi.stubEnv('SPANBOOK_STATE_DIR', stateDir);
    const logger = getLogger();
    logger.setContext({ stage: 'prototype', systemName: 'EmergencyTriage' });
    await logger.activityContext(
      'command',
      'command',
      { type: 'command', name: '/prototype', intent: 'Generate prototype' },
      async () => {
        await logSkillExecution('Prototype_Builder', 'Generate prototype', async eventId => {
          expect(eventId).toMatch(/^evt-[0-9a-f]{16}$/);
          logger.logError({
            errorType: 'ValidationError',
            message: 'Invalid input',
            severity: 'high',
            recovery: { action: 'skip', fallback: 'default' },
          });
        });
        logger.logWarning({ warningType: 'DeprecationWarning', message: 'Using deprecated API', severity: 'medium' });
        expect(logger.getActiveActivities().map(activity => activity.name)).toEqual(['/prototype']);
      },
    );
    const eventId = logger.logEvent({
      eventType: 'command_start',
      level: 'command',
      activity: { type: 'command', name: '/test' },
      context: { stage: 'test' },
    });
    logger.logEvent({ eventType: 'agent_spawn_start', level: 'agent', activity: { name: 'tester' } });
    logger.logEvent({ eventType: 'info', activity: { name: '/test' }, message: 'half way' });
    logger.logEvent({ eventType: 'agent_spawn_end', level: 'agent', activity: { name: 'tester' } });
    logger.logEvent({
      eventType: 'command_end',
      activity: { name: '/test' },
      relatedStartEventId: eventId,
      outputs: { files: 2 },
    });
    logger.flush();
    vi.unstubAllEnvs();
    const document = readState(stateDir);
    expect(edgesOf(document)).toEqual(['/prototype', '/prototype > Prototype_Builder', '/test', '/test > tester']);
    expect(document.statistics).toMatchObject({ total_errors: 1, total_warnings: 1, total_events: 11 });
    expect(document.events.find(event => event.level === 'error')?.hierarchy.path).toEqual([
      '/prototype',
      'Prototype_Builder',
    ]);
    expect(document.events.find(event => event.level === 'info')?.hierarchy.path).toEqual(['/test', 'tester']);
    expect(document.events.find(event => event.event_id === eventId)?.context).toMatchObject({
      stage: 'test',
      system_name: 'EmergencyTriage',
    });
    expect(document.events.at(-1)).toMatchObject({ outputs: { files: 2 }, related_start_event_id: eventId });
  });

  it('loses nothing with four worker threads', () => {
    const stateDir = makeStateFolder();
    execFileSync(process.execPath, [fixture('logger-worker.mjs'), stateDir, '4', '250']);
    const { statistics, active_activities, events } = readState(stateDir);
    expect(statistics).toEqual({
      total_events: 4 * 250 * 5,
      total_commands: 1000,
      total_agents_spawned: 0,
      total_skills_invoked: 1000,
      total_errors: 0,
      total_warnings: 1000,
    });
    expect(active_activities).toEqual([]);
    for (const event of events.filter(one => one.level === 'warning')) expect(event.hierarchy.path).toHaveLength(2);
  });
});
