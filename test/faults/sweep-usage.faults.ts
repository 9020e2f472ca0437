/** Each call of the file system fails once, where usage is read and where spans are sent. */
import { mkdirSync, readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { keepUsage } from '../../src/keep-usage.ts';
import { OpenRelay } from '../../src/open-relay.ts';
import { readAlerts } from '../../src/store/alert-log.ts';
import { NOON } from '../helpers/client-facts.ts';
import { type OtlpServer, startOtlpServer, withoutRepeats } from '../helpers/otlp-server.ts';
import { programJournal } from '../helpers/program-journal.ts';
import { appendLines, linesOf, writeSettings } from '../helpers/run-cli.ts';
import { allAnswers, inMain, removeIndex, type UsageWorld, usageWorld } from '../helpers/usage-cases.ts';
import { transcript, used } from '../helpers/write-transcripts.ts';
import { fault } from './fault.ts';
import { sweep } from './sweep.ts';

const t = transcript(undefined, NOON);
const BEFORE = inMain(t.command('ship', 'p1'), t.answer('a', used(1_000_000, 2)));
const MEANWHILE = inMain(t.answer('b', used(4, 8)), t.prompt('more', 'p2'), t.answer('c', used(16, 32)));

const readAndKeep = (world: UsageWorld): void => {
  const read = world.read();
  keepUsage(read, { stateDir: world.stateDir, now: NOON, say: message => world.said.push(message), snapshot: true });
};

const truth = (): unknown => {
  const world = usageWorld();
  world.append(...BEFORE, ...MEANWHILE);
  return allAnswers(world.read().view);
};

describe('the file system fails at each call', () => {
  fault('usage of transcripts, its index and its document', 'no token is lost and none counts twice', async row => {
    const expected = truth();
    await sweep<UsageWorld>(row, {
      make: folder => {
        const world = usageWorld({}, `${folder}/state`, `${folder}/claude`);
        world.append(...BEFORE);
        readAndKeep(world);
        writeSettings(world.stateDir, '{}');
        world.append(...MEANWHILE);
        return world;
      },
      act: world => {
        readAndKeep(world);
        readAndKeep(world);
      },
      check: world => {
        expect(allAnswers(world.read().view)).toEqual(expected);
        keepUsage(world.read(), { stateDir: world.stateDir, now: NOON, say: () => {} });
        const keys = readAlerts(world.stateDir).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        // What the ledger says alone, without what was counted on the way.
        removeIndex(world);
        expect(allAnswers(world.read().view)).toEqual(expected);
        expect(readdirSync(`${world.stateDir}/usage`)).toContain('requests-00000001.jsonl');
      },
    });
  });

  fault('the relay', 'every span arrives, and none twice with other content', async row => {
    const count = 8;
    const server = await startOtlpServer();
    await sweep<Relayed>(row, {
      make: folder => {
        const stateDir = `${folder}/state`;
        mkdirSync(`${stateDir}/journal`, { recursive: true });
        appendLines(stateDir, linesOf(programJournal(count)));
        server.spans.length = 0;
        return { stateDir, server };
      },
      act: async world => {
        const relay = relayTo(world);
        try {
          await relay.drain();
          relay.writeStatus('holding', null);
        } finally {
          relay.close();
        }
      },
      check: async world => {
        const relay = relayTo(world);
        try {
          expect(await relay.drain()).toBeNull();
        } finally {
          relay.close();
        }
        expect(
          withoutRepeats(server.spans)
            .map(span => span.spanId)
            .sort(),
        ).toEqual(programJournal.ids(count).sort());
      },
    });
  });
});

interface Relayed {
  stateDir: string;
  server: OtlpServer;
}

const relayTo = ({ stateDir, server }: Relayed): OpenRelay =>
  new OpenRelay({ stateDir, endpoint: { url: `${server.url}/v1/traces`, headers: undefined }, leaves: null });
