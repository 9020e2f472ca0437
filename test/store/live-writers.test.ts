/** Long-lived programs at one state folder: each keeps the document in memory, and all of them rotate it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFixture } from '../helpers/run-program.ts';
import { makeStateFolder } from '../helpers/state-document.ts';
import { allEvents, archiveNames, readDocument } from '../helpers/state-folder.ts';

const PROGRAMS = 8;
const COMMANDS = 1667;
const EVENTS_EACH = 3;

it('eight programs with 5,001 events each lose nothing through five rotations and more', async () => {
  const stateDir = makeStateFolder();
  mkdirSync(stateDir);
  writeFileSync(`${stateDir}/spanbook.json`, JSON.stringify({ rotation: { max_bytes: 2_000_000 } }));
  const programs = Array.from({ length: PROGRAMS }, (_, i) =>
    runFixture('log-many', [stateDir, `program-${i}`, COMMANDS]),
  );
  for (const { code, stderr } of await Promise.all(programs)) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const document = readDocument(stateDir);
  expect(document.statistics).toEqual({
    total_events: PROGRAMS * COMMANDS * EVENTS_EACH,
    total_commands: PROGRAMS * COMMANDS,
    total_agents_spawned: 0,
    total_skills_invoked: 0,
    total_errors: 0,
    total_warnings: PROGRAMS * COMMANDS,
  });
  expect(document.active_activities).toEqual([]);
  expect(archiveNames(stateDir).length).toBeGreaterThanOrEqual(5);
  const events = allEvents(stateDir);
  expect(events).toHaveLength(PROGRAMS * COMMANDS * EVENTS_EACH);
  expect(new Set(events.map(event => event.event_id)).size).toBe(events.length);
});
