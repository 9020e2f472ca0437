/** What dead processes leave open ends when somebody asks, and never while they live. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDocument, readDocumentHead } from '../../src/store/read-document.ts';
import type { PipelineDocument } from '../helpers/fold-facts.ts';
import { makeState, start, T0 } from '../helpers/run-cli.ts';
import { ROOT, startFixture } from '../helpers/run-program.ts';
import { journalLines } from '../helpers/state-folder.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { outline, treeOf } from '../helpers/tree-of.ts';

const onLinux = it.skipIf(process.platform !== 'linux');
const HOOK = `${ROOT}dist/hooks/claude-code.cjs`;
const payloads = [
  { hook_event_name: 'SessionStart', session_id: 's1', source: 'startup' },
  { hook_event_name: 'UserPromptSubmit', session_id: 's1', prompt_id: 'p1', prompt: 'hi' },
  { hook_event_name: 'SubagentStart', session_id: 's1', prompt_id: 'p1', agent_id: 'a1', agent_type: 'builder' },
];

const tree = (stateDir: string): string[] =>
  outline(treeOf(readDocument(stateDir, () => {}) as unknown as PipelineDocument));

async function started(child: ChildProcess): Promise<ChildProcess> {
  await once(child.stdout ?? child, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

describe('a client that is killed', () => {
  for (const how of ['', 'shell']) {
    onLinux(`leaves nothing open, its hooks started ${how === '' ? 'by itself' : 'by a shell'}`, async () => {
      const stateDir = tempDir();
      const client = await started(startFixture('client', [HOOK, stateDir, JSON.stringify(payloads), how]));
      expect(tree(stateDir)).toEqual(['command prompt open', '  agent builder open']);
      const before = journalLines(stateDir).length;
      await kill(client);
      expect(tree(stateDir)).toEqual(['command prompt abandoned', '  agent builder abandoned']);
      expect(readDocumentHead(stateDir, () => {}).pipeline_status).toBe('failed');
      // One fact for each says it, however often somebody asks.
      tree(stateDir);
      expect(journalLines(stateDir).length).toBe(before + 2);
      const ends = readDocument(stateDir, () => {}).events.filter(event => 'status' in event);
      const last = readDocument(stateDir, () => {}).events[1];
      expect(ends.map(event => event.timestamp)).toEqual([last?.timestamp, last?.timestamp]);
    });
  }

  it.skipIf(process.platform !== 'linux' || process.getuid?.() === 0)(
    'is ended in the answer even where the folder cannot be written',
    async () => {
      const stateDir = tempDir();
      const client = await started(startFixture('client', [HOOK, stateDir, JSON.stringify(payloads), '']));
      await kill(client);
      chmodSync(`${stateDir}/journal`, 0o500);
      chmodSync(stateDir, 0o500);
      expect(tree(stateDir)).toEqual(['command prompt abandoned', '  agent builder abandoned']);
      chmodSync(stateDir, 0o700);
    },
  );
});

describe('a program that is killed', () => {
  onLinux('leaves nothing open, and what others do in the same session stays open', async () => {
    const stateDir = tempDir();
    const one = await started(startFixture('program', [stateDir]));
    const other = await started(startFixture('program', [stateDir]));
    const both = ['command /ship open', '  agent builder open'];
    expect(tree(stateDir)).toEqual([...both, ...both]);
    await kill(one);
    expect(tree(stateDir).sort()).toEqual([...both, 'command /ship abandoned', '  agent builder abandoned'].sort());
    other.stdin?.end();
    await once(other, 'close');
    expect(tree(stateDir)).toContain('command /ship completed');
  });
});

it('what tells of no process stays open', () => {
  const stateDir = makeState([start(1, { at: T0 })]);
  expect(tree(stateDir)).toEqual(['command /run-1 open']);
});
