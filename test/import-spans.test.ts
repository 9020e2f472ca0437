/** Transcripts → the tree that hooks would have given, and nothing twice. Each trap of the format has its case. */
import { appendFileSync, chmodSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeTranscripts as generateTranscripts } from '../bench/make-transcripts.mjs';
import { importSpans } from '../src/import-spans.ts';
import type { Fact } from '../src/model/fact.ts';
import { readDocument } from '../src/store/read-document.ts';
import { clientFacts, NOON } from './helpers/client-facts.ts';
import type { PipelineDocument } from './helpers/fold-facts.ts';
import { recordedFacts } from './helpers/recorded-session.ts';
import { makeState, writeSettings } from './helpers/run-cli.ts';
import { ROOT } from './helpers/run-program.ts';
import { journalLines } from './helpers/state-folder.ts';
import { tempDir } from './helpers/temp-dir.ts';
import { outline, treeOf } from './helpers/tree-of.ts';
import { SESSION, type TranscriptFiles, transcript, writeTranscripts } from './helpers/write-transcripts.ts';

const RECORDED = `${ROOT}examples/recorded-session`;
const DAY = 86_400_000;
const say = (): void => {};

const document = (stateDir: string): PipelineDocument => readDocument(stateDir, say) as unknown as PipelineDocument;
const tree = (stateDir: string): string[] => outline(treeOf(document(stateDir)));
const run = (stateDir: string, claudeDir: string, more: { since?: number; now?: number } = {}) =>
  importSpans({ stateDir, claudeDir, now: Date.now(), say, ...more });

/** The tree of these files alone, imported an hour after the last line unless said otherwise. */
function treeOfFiles(files: TranscriptFiles, facts: readonly Fact[] = [], now?: number): string[] {
  const stateDir = makeState(facts);
  run(stateDir, writeTranscripts(files), { now });
  return tree(stateDir);
}
const main = (...records: object[]): TranscriptFiles => ({
  [`${SESSION}.jsonl`]: records as Record<string, unknown>[],
});
const agentFile = (id: string): string => `${SESSION}/subagents/agent-${id}`;

/** The recorded hooks, with the labels that the client gave. */
const liveFacts = (): Fact[] =>
  recordedFacts().map(fact => (fact.kind === 'agent_call' ? { ...fact, label: `run ${fact.name}` } : fact));

describe('the recorded session', () => {
  it('gives the tree that its hooks gave', () => {
    const stateDir = makeState();
    const { added, files_read } = run(stateDir, RECORDED);
    expect(tree(stateDir)).toEqual(tree(makeState(liveFacts())));
    expect([files_read, added]).toEqual([5, { commands: 3, agents: 4, skills: 1, errors: 0, warnings: 2 }]);
  });

  it('has the ids that its hooks gave', () => {
    const stateDir = makeState();
    run(stateDir, RECORDED);
    const ids = (folder: string): string[] =>
      document(folder)
        .events.map(event => event.event_id)
        .sort();
    expect(ids(stateDir)).toEqual(ids(makeState(liveFacts())));
    expect(new Set(document(stateDir).events.map(event => event.source))).toEqual(new Set(['import']));
  });

  it('adds nothing to what hooks told, nor a second time', () => {
    const stateDir = makeState(liveFacts());
    expect(run(stateDir, RECORDED)).toMatchObject({ files_read: 5, facts_added: 0 });
    expect(run(stateDir, RECORDED)).toMatchObject({ files_read: 0, facts_added: 0 });
  });

  it('makes up for whatever hooks did not get through', () => {
    const whole = tree(makeState(liveFacts()));
    const facts = liveFacts();
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(facts.length - 1), { maxLength: facts.length }), lost => {
        const stateDir = makeState(facts.filter((_, index) => !lost.includes(index)));
        run(stateDir, RECORDED);
        const { statistics, active_activities } = document(stateDir);
        expect(statistics).toMatchObject({
          total_commands: 3,
          total_agents_spawned: 4,
          total_skills_invoked: 1,
          total_warnings: 2,
        });
        expect(active_activities).toEqual([]);
        if (lost.length === facts.length) expect(tree(stateDir)).toEqual(whole);
        const before = journalLines(stateDir).length;
        run(stateDir, RECORDED);
        expect(journalLines(stateDir).length).toBe(before);
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 60) },
    );
  });
});

describe('a run', () => {
  it('is named by its command, and a plain prompt is none', () => {
    const t = transcript();
    const files = main(t.command('ship'), t.say(), t.prompt('hello', 'p2'), t.say());
    expect(treeOfFiles(files)).toEqual(['command /ship completed', 'command prompt completed']);
  });

  it('trap: built-in commands that the client answers alone are no runs', () => {
    const t = transcript();
    const files = main(
      t.user('<local-command-caveat>Caveat: …</local-command-caveat>', { isMeta: true }),
      t.user('<command-name>/clear</command-name>\n<command-message>clear</command-message>'),
      t.user('<local-command-stdout></local-command-stdout>'),
      t.prompt('hello', 'p2'),
      t.say(),
      t.user('<command-name>/compact</command-name>\n<command-message>compact</command-message>', { promptId: 'p3' }),
      t.system('local_command'),
    );
    expect(treeOfFiles(files)).toEqual(['command prompt completed']);
  });

  it('of an older client, whose command names its name first, is one', () => {
    const t = transcript();
    const name = '<command-name>/ship</command-name>\n<command-message>ship</command-message>';
    expect(treeOfFiles(main(t.user(name), t.say()))).toEqual(['command /ship completed']);
  });

  it('trap: what the client writes into the conversation is no prompt', () => {
    const t = transcript();
    const files = main(
      t.prompt('hello'),
      t.user('This session is being continued from …', { isCompactSummary: true, promptId: 'p2' }),
      t.user([{ type: 'text', text: 'Base directory for this skill: /x' }], { isMeta: true, promptId: 'p3' }),
      t.user('<bash-input>ls</bash-input>', { promptId: 'p4' }),
      t.user('<system-reminder>\nnow\n</system-reminder>', { promptId: 'p5' }),
      t.say(),
    );
    expect(treeOfFiles(files)).toEqual(['command prompt completed']);
  });

  it('trap: no Stop after an interrupt: it is cancelled then, with its agents', () => {
    const t = transcript();
    const files = {
      ...main(
        t.prompt('hello'),
        t.call('Agent', 't1', { subagent_type: 'builder', description: 'do it' }),
        t.user([{ type: 'text', text: '[Request interrupted by user for tool use]' }]),
        t.prompt('again', 'p2'),
        t.say(),
      ),
      [`${agentFile('a1')}.jsonl`]: [transcript(SESSION, NOON + 1500).prompt('work')],
      [`${agentFile('a1')}.meta.json`]: { agentType: 'builder', toolUseId: 't1' },
    };
    expect(treeOfFiles(files)).toEqual([
      'command prompt cancelled',
      '  agent builder "do it" cancelled',
      'command prompt completed',
    ]);
  });

  it('trap: SessionEnd may never come: a run that stops in the middle was killed, if another follows', () => {
    const t = transcript();
    const files = main(t.prompt('hello'), t.call('Bash', 't1'), t.prompt('again', 'p2'), t.say());
    const stateDir = makeState();
    run(stateDir, writeTranscripts(files));
    expect(tree(stateDir)).toEqual(['command prompt abandoned', 'command prompt completed']);
    const ends = document(stateDir).events.filter(event => event.status === 'abandoned');
    expect(ends[0]?.timestamp).toBe(new Date(NOON + 1000).toISOString());
  });

  it('is over when the client says so, though the answer has no reason', () => {
    const t = transcript();
    const files = main(t.prompt('hello'), t.say('done', { stop_reason: null }), t.system('turn_duration'));
    expect(treeOfFiles(files)).toEqual(['command prompt completed']);
  });

  it('that nobody ended stays open while its transcript is fresh, and is abandoned a day later', () => {
    const t = transcript();
    const folder = writeTranscripts(main(t.prompt('hello'), t.call('Bash', 't1')));
    const fresh = makeState();
    run(fresh, folder);
    expect(tree(fresh)).toEqual(['command prompt open']);
    const late = makeState();
    run(late, folder, { now: Date.now() + 2 * DAY });
    expect(tree(late)).toEqual(['command prompt abandoned']);
  });

  it('trap: an API error ends it as failed, and is no answer of the model', () => {
    const t = transcript();
    const error = t.assistant([{ type: 'text', text: 'API Error: 529 Overloaded' }], {
      isApiErrorMessage: true,
      error: 'overloaded',
    });
    Object.assign(error.message as object, { model: '<synthetic>' });
    expect(treeOfFiles(main(t.command('ship'), error))).toEqual([
      'command /ship failed',
      '  ! error overloaded: API Error: 529 Overloaded',
    ]);
  });

  it('trap: a reply of the client itself is no answer either', () => {
    const t = transcript();
    const own = t.assistant([{ type: 'text', text: 'No response requested.' }], {}, { model: '<synthetic>' });
    expect(treeOfFiles(main(t.prompt('hello'), own))).toEqual(['command prompt open']);
  });

  it('trap: a task notification wakes its run up, and a system prompt is no run', () => {
    const t = transcript();
    const notification = '<task-notification>\n<task-id>a1</task-id>\n<status>killed</status>\n</task-notification>';
    const files = {
      ...main(
        t.command('ship'),
        t.call('Agent', 't1', { subagent_type: 'builder', run_in_background: true }),
        t.result('t1', { toolUseResult: { isAsync: true, status: 'async_launched', agentId: 'a1' } }),
        t.say('waiting'),
        t.prompt('hello', 'p2'),
        t.say(),
        t.prompt(notification, 'p3', { promptSource: 'system' }),
        t.call('Skill', 't2', { skill: 'report' }),
        t.say('woken'),
      ),
      [`${agentFile('a1')}.jsonl`]: [transcript(SESSION, NOON + 1500).prompt('work')],
      [`${agentFile('a1')}.meta.json`]: { agentType: 'builder', toolUseId: 't1' },
    };
    expect(treeOfFiles(files)).toEqual([
      'command /ship completed',
      '  agent builder cancelled',
      '  skill report completed',
      'command prompt completed',
    ]);
  });

  it('has its stage by the rules, and its session what the transcript tells', () => {
    const t = transcript();
    const stateDir = makeState();
    writeSettings(stateDir, { stages: { '/ship': 'release' } });
    const title = { type: 'ai-title', aiTitle: 'Shipping', sessionId: SESSION };
    run(stateDir, writeTranscripts(main(title, t.command('ship'), t.say())));
    expect(document(stateDir).events.map(event => event.activity.stage)).toEqual(['release', 'release']);
    expect(journalLines(stateDir)[0]).toContain('"title":"Shipping"');
  });

  it('before the time that is asked for is left out, and can be had later', () => {
    const t = transcript();
    const folder = writeTranscripts(main(t.command('one'), t.say(), t.command('two', 'p2'), t.say()));
    const stateDir = makeState();
    run(stateDir, folder, { since: NOON + 1500 });
    expect(tree(stateDir)).toEqual(['command /two completed']);
    run(stateDir, folder);
    expect(tree(stateDir)).toEqual(['command /one completed', 'command /two completed']);
  });
});

describe('an agent', () => {
  const nested = (): TranscriptFiles => {
    const t = transcript();
    const one = transcript(SESSION, NOON + 1100);
    const two = transcript(SESSION, NOON + 2200);
    const side = { isSidechain: true };
    return {
      ...main(
        t.command('ship'),
        t.call('Agent', 't1', { subagent_type: 'builder', description: 'first' }),
        t.result('t1', { toolUseResult: { status: 'completed', agentId: 'a1' } }),
        t.say(),
      ),
      [`${agentFile('a1')}.jsonl`]: [
        { ...one.prompt('work'), ...side },
        { ...one.call('Skill', 't3', { skill: 'plan' }), ...side },
        { ...one.result('t3'), ...side },
        { ...one.call('Task', 't2', { subagent_type: 'tester', description: 'second' }), ...side },
        { ...one.result('t2', {}, { content: [{ type: 'text', text: 'agentId: a2 (use SendMessage …)' }] }), ...side },
        { ...one.say(), ...side },
      ],
      [`${agentFile('a2')}.jsonl`]: [
        { ...two.prompt('deep'), ...side },
        { ...two.say('ok', { stop_reason: null }), ...side },
      ],
      [`${agentFile('a1')}.meta.json`]: { agentType: 'builder', toolUseId: 't1', spawnDepth: 1 },
    };
  };

  it('in an agent hangs there, by its note or by the text of its result; the tool may be called Task', () => {
    const tree = [
      'command /ship completed',
      '  agent builder "first" completed',
      '    skill plan completed',
      '      agent tester "second" completed',
    ];
    expect(treeOfFiles(nested())).toEqual(tree);
    const noted = { ...nested(), [`${agentFile('a2')}.meta.json`]: { agentType: 'tester', toolUseId: 't2' } };
    expect(treeOfFiles(noted)).toEqual(tree);
  });

  it('trap: a one-level search misses the files of agents and workflows', () => {
    const t = transcript();
    const files = {
      ...main(t.command('ship'), t.say()),
      [`${SESSION}/subagents/workflows/wf_1/agent-w1.jsonl`]: [
        transcript(SESSION, NOON + 100).prompt('work'),
        transcript(SESSION, NOON + 200).say(),
      ],
    };
    expect(treeOfFiles(files)).toEqual(['command /ship completed', '  agent agent completed']);
  });

  it('trap: what the client does for itself has a file too, and is none', () => {
    const t = transcript();
    const files = {
      ...main(t.command('ship'), t.say()),
      [`${agentFile('acompact-1')}.jsonl`]: [transcript(SESSION, NOON + 100).prompt('summarize')],
    };
    expect(treeOfFiles(files)).toEqual(['command /ship completed']);
  });

  it('that is resumed under a later prompt is another one, of that run', () => {
    const t = transcript();
    const a = transcript(SESSION, NOON + 1100);
    const b = transcript(SESSION, NOON + 5100);
    const files = {
      ...main(
        t.command('ship'),
        t.call('Agent', 't1', { subagent_type: 'builder', description: 'first' }),
        t.result('t1', { toolUseResult: { status: 'completed', agentId: 'a1' } }),
        t.say(),
        t.command('more', 'p2'),
        t.call('SendMessage', 't2'),
        t.result('t2'),
        t.say(),
      ),
      [`${agentFile('a1')}.jsonl`]: [
        a.prompt('work'),
        a.say(),
        b.prompt('more', 'p2', { isMeta: true, origin: { kind: 'coordinator' } }),
        b.say(),
      ],
      [`${agentFile('a1')}.meta.json`]: { agentType: 'builder', toolUseId: 't1' },
    };
    expect(treeOfFiles(files)).toEqual([
      'command /more completed',
      '  agent builder "first" completed',
      'command /ship completed',
      '  agent builder "first" completed',
    ]);
  });

  it('is found among several results in a record, and where its id stands far back', () => {
    const t = transcript();
    const result = (agent: string, id: string) => ({
      type: 'tool_result',
      content: `agentId: ${agent} ${'x'.repeat(1000)}`,
      tool_use_id: id,
    });
    const files = {
      ...main(
        t.command('ship'),
        t.call('Agent', 't1', { subagent_type: 'builder', description: 'first' }),
        t.call('Agent', 't2', { subagent_type: 'builder', description: 'second' }),
        t.user([result('a1', 't1'), result('a2', 't2')]),
        t.say(),
      ),
      [`${agentFile('a1')}.jsonl`]: [transcript(SESSION, NOON + 1100).prompt('work')],
      [`${agentFile('a2')}.jsonl`]: [transcript(SESSION, NOON + 1200).prompt('work')],
    };
    expect(treeOfFiles(files)).toEqual([
      'command /ship completed',
      '  agent builder "first" completed',
      '  agent builder "second" completed',
    ]);
  });

  it('of a client of old, which wrote no file for it, is known by its call and return', () => {
    const t = transcript();
    const files = main(
      t.prompt('hello', 'p1', { promptId: undefined }),
      t.call('Task', 't1', { subagent_type: 'builder', description: 'first' }),
      { ...t.user('inner'), isSidechain: true },
      t.result('t1', { toolUseResult: { totalTokens: 5 } }),
      t.say(),
    );
    expect(treeOfFiles(files)).toEqual(['command prompt completed', '  agent builder "first" completed']);
  });

  it('keeps no label where labels are off', () => {
    const stateDir = makeState();
    writeSettings(stateDir, { capture: { labels: false } });
    run(stateDir, writeTranscripts({ ...nested(), 'x.jsonl': [{ type: 'ai-title', aiTitle: 'CANARY' }] }));
    const kept = journalLines(stateDir).join();
    for (const canary of ['first', 'second', 'CANARY']) expect(kept).not.toContain(canary);
  });
});

describe('a tool', () => {
  const failed = (content: string, fields: object = {}) => {
    const t = transcript();
    return treeOfFiles(
      main(
        t.command('ship'),
        t.call('Bash', 't1'),
        t.result('t1', { toolUseResult: `Error: ${content}`, ...fields }, { content, is_error: true }),
        t.say(),
      ),
    ).slice(1);
  };

  it('that failed is a warning', () => {
    expect(failed('Exit code 3\nmore')).toEqual(['  ! warning ToolFailure: Bash: Exit code 3']);
    expect(failed('no', { toolDenialKind: 'automode-blocked' })).toEqual(['  ! warning ToolDenied: Bash: no']);
  });

  it.each([
    '<tool_use_error>InputValidationError: no</tool_use_error>',
    "The user doesn't want to proceed with this tool use. The tool use was rejected",
    "Claude requested permissions to write to /etc/x, but you haven't granted it yet.",
  ])('trap: that never ran is none, because no hook tells of it: %s', content => {
    expect(failed(content)).toEqual([]);
  });

  it('trap: a refused one is told by its kind in newer clients', () => {
    expect(failed('whatever the words are', { toolDenialKind: 'user-rejected' })).toEqual([]);
  });

  it('trap: a skill that does not exist is none, and "usage" or "is_error" in an output are words', () => {
    const t = transcript();
    const files = main(
      t.command('ship'),
      t.call('Skill', 't1', { skill: 'nope' }),
      t.result('t1', {}, { content: '<tool_use_error>Unknown skill: nope</tool_use_error>', is_error: true }),
      t.call('Bash', 't2'),
      t.result('t2', {}, { content: '{"is_error":true,"usage":{"input_tokens":5}}' }),
      t.say(),
    );
    expect(treeOfFiles(files)).toEqual(['command /ship completed']);
  });
});

describe('a fork', () => {
  const OTHER = '0b6e0000-0000-4000-8000-000000000002';
  const original = () => {
    const t = transcript();
    return [t.command('ship'), t.call('Skill', 't1', { skill: 'plan' }), t.result('t1'), t.say()];
  };
  const own = () => {
    const t = transcript(OTHER, NOON + 60_000);
    return [t.prompt('and now', 'p2'), t.say()];
  };

  it('trap: that repeats another transcript with its ids adds only what is its own', () => {
    const files = {
      [`${SESSION}.jsonl`]: original(),
      [`${OTHER}.jsonl`]: [...original().map(record => ({ ...record, sessionId: OTHER })), ...own()],
    };
    expect(treeOfFiles(files)).toEqual([
      'command /ship completed',
      '  skill plan completed',
      'command prompt completed',
    ]);
  });

  it('trap: that gives the repeated prompts its own prompt id does not, and is known by whose requests it repeats', () => {
    const repeated = original().map(record => ({
      ...record,
      sessionId: OTHER,
      ...('promptId' in record ? { promptId: 'p2' } : { requestSessionId: SESSION }),
    }));
    const tree = ['command /ship completed', '  skill plan completed', 'command prompt completed'];
    const fork = { [`${OTHER}.jsonl`]: [...repeated, ...own()] };
    const both = { [`${SESSION}.jsonl`]: original(), ...fork };
    expect(treeOfFiles(both)).toEqual(tree);
    // The original may have been cleaned up since, or come first.
    expect(treeOfFiles(fork)).toEqual(tree);
    const folder = writeTranscripts({ [`${SESSION}.jsonl`]: original() });
    const stateDir = makeState();
    run(stateDir, folder);
    run(stateDir, writeTranscripts(fork, folder));
    expect(tree2(stateDir)).toEqual(tree);
  });
  const tree2 = tree;
});

describe('a file', () => {
  it('trap: with torn lines, nulls, unknown kinds, spaces and huge lines gives what can be had', () => {
    const t = transcript();
    const spaced = (record: object): string => JSON.stringify(record, null, 1).replaceAll('\n', ' ');
    const huge = t.result('t9', { toolUseResult: { stdout: 'x'.repeat(3_000_000) } });
    const lines = [
      '{"type":"user","mess',
      '\0\0\0\0',
      'null',
      '"text"',
      { type: 'new-kind', x: 1 },
      { type: 'attachment', attachment: { type: 'skill_listing' } },
      spaced(t.command('ship')),
      huge,
      t.assistant(
        [
          { type: 'text', text: 'several blocks' },
          { type: 'tool_use', id: 't1', name: 'Skill', input: { skill: 'plan' } },
        ],
        { timestamp: '2026-01-01T12:00:03.123456Z' },
        { stop_reason: null, usage: null },
      ),
      t.result('t1'),
      spaced(t.say()),
      '{"parentUuid":null,"isSidechain":false,"message":{"id":"m","role":"assis',
    ];
    const stateDir = makeState();
    const { skipped } = run(stateDir, writeTranscripts({ [`${SESSION}.jsonl`]: lines as never }));
    expect(tree(stateDir)).toEqual(['command /ship completed', '  skill plan completed']);
    expect(skipped).toEqual({ damaged: 3, unknown: { 'new-kind': 1, '(none)': 2 } });
  });

  it('that grew is read again, and what is new is added', () => {
    const t = transcript();
    const folder = writeTranscripts(main(t.command('one'), t.say()));
    const path = `${folder}/projects/-home-dev/${SESSION}.jsonl`;
    const stateDir = makeState();
    run(stateDir, folder);
    for (const record of [t.command('two', 'p2'), t.say()]) appendFileSync(path, `${JSON.stringify(record)}\n`);
    expect(run(stateDir, folder)).toMatchObject({ files_read: 1, added: { commands: 1 } });
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    expect(run(stateDir, folder)).toMatchObject({ files_read: 1, facts_added: 0 });
    expect(tree(stateDir)).toEqual(['command /one completed', 'command /two completed']);
  });

  it('of which the index was damaged or removed is read again, and adds nothing', () => {
    const stateDir = makeState();
    run(stateDir, RECORDED);
    const index = `${stateDir}/journal/imported-files.json`;
    expect(JSON.parse(readFileSync(index, 'utf8')).length).toBe(5);
    writeFileSync(index, '{"torn');
    expect(run(stateDir, RECORDED)).toMatchObject({ files_read: 5, facts_added: 0 });
  });
});

describe('a generated history', () => {
  it('is told once, whatever happens to the index', async () => {
    const claudeDir = `${tempDir()}/claude`;
    const truth = await generateTranscripts({ out: claudeDir, mb: 2, files: 24, seed: 3 });
    const stateDir = makeState();
    expect(run(stateDir, claudeDir).added).toMatchObject({
      commands: truth.prompts,
      agents: truth.agents,
      skills: truth.skills,
    });
    expect(document(stateDir).active_activities).toEqual([]);
    rmSync(`${stateDir}/journal/imported-files.json`);
    rmSync(`${stateDir}/journal/imported-prompts.json`);
    expect(run(stateDir, claudeDir)).toMatchObject({ files_read: truth.files, facts_added: 0 });
  });
});

describe('hostile input', () => {
  it('a file that cannot be read, or a link in circles, costs what it holds and no more', () => {
    const t = transcript();
    const folder = writeTranscripts(main(t.command('ship'), t.say()));
    symlinkSync('loop.jsonl', `${folder}/projects/-home-dev/loop.jsonl`);
    const other = '0b6e0000-0000-4000-8000-00000000000f.jsonl';
    writeFileSync(`${folder}/projects/-home-dev/${other}`, '{}');
    const stateDir = makeState();
    const isOpen = process.getuid?.() === 0;
    if (!isOpen) chmodSync(`${folder}/projects/-home-dev/${other}`, 0);
    expect(run(stateDir, folder).files_unreadable).toBe(isOpen ? 0 : 1);
    expect(tree(stateDir)).toEqual(['command /ship completed']);
  });

  it('thousands of agents of a workflow take their time, and not its square', () => {
    const fact = clientFacts();
    const agents = Array.from({ length: 3000 }, (_, i) => fact('agent_start', { agent: `w${i}`, name: 'worker' }));
    const began = performance.now();
    expect(document(makeState([fact('prompt'), ...agents, fact('stop')])).statistics.total_agents_spawned).toBe(3000);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('records with odd kinds, ids and times harm nobody else', () => {
    const t = transcript();
    const files = main(
      { type: 'constructor' },
      { type: '__proto__' },
      t.prompt('no ids', '', { uuid: undefined, promptId: undefined }),
      t.say(),
      t.user(null),
      t.user([null, 5, { type: 'tool_result' }]),
      { ...t.say(), message: null },
      t.prompt('far', 'p9', { timestamp: '2099-01-01T00:00:00.000Z' }),
    );
    const now = clientFacts('live', Date.now());
    const stateDir = makeState([{ ...now('prompt'), session: 'other' }]);
    const { skipped } = run(stateDir, writeTranscripts(files));
    expect(Object.entries(skipped.unknown)).toEqual([
      ['constructor', 1],
      ['__proto__', 1],
    ]);
    expect(tree(stateDir)).toContain('command prompt open');
    expect(tree(stateDir).length).toBeLessThanOrEqual(3);
  });
});

describe('what hooks told in part', () => {
  const inSession = (facts: Fact[]): Fact[] => facts.map(fact => ({ ...fact, session: SESSION }) as Fact);

  it('keeps the skill that runs when an earlier one is brought in', () => {
    const t = transcript();
    const live = clientFacts('p1');
    const begun = [live('prompt'), live('command', { name: 'ship' })];
    const later = clientFacts('p1', NOON + 60_000);
    const facts = inSession([...begun, later('skill_call', { tool_use: 't2', name: 'two' })]);
    const files = main(t.command('ship'), t.call('Skill', 't1', { skill: 'one' }), t.result('t1'));
    expect(treeOfFiles(files, facts)).toEqual(['command /ship open', '  skill one completed', '  skill two open']);
  });

  it('keeps how a run ended when a skill of it is brought in', () => {
    const t = transcript();
    const live = clientFacts('p1', NOON);
    const next = clientFacts('p2', NOON + 60_000);
    const facts = inSession([live('prompt'), live('command', { name: 'ship' }), next('prompt')]);
    const files = main(
      t.command('ship'),
      t.call('Skill', 't1', { skill: 'one' }),
      t.user('[Request interrupted by user]'),
    );
    expect(treeOfFiles(files, facts)).toEqual([
      'command /ship cancelled',
      '  skill one cancelled',
      'command prompt open',
    ]);
  });

  it('gets the parent and the label of an agent whose call was not told', () => {
    const t = transcript();
    const live = clientFacts('p1');
    const facts = inSession([
      live('prompt'),
      live('command', { name: 'ship' }),
      live('agent_start', { agent: 'a1', name: 'builder' }),
      live('agent_end', { agent: 'a1' }),
      live('stop'),
    ]);
    const files = {
      ...main(
        t.command('ship'),
        t.call('Agent', 't1', { subagent_type: 'builder', description: 'first' }),
        t.result('t1', { toolUseResult: { status: 'completed', agentId: 'a1' } }),
        t.say(),
      ),
      [`${agentFile('a1')}.jsonl`]: [transcript(SESSION, NOON + 1100).prompt('work')],
    };
    expect(treeOfFiles(files, facts)).toEqual(['command /ship completed', '  agent builder "first" completed']);
  });
});

describe('what hooks told and did not end', () => {
  const live = clientFacts('p1');
  const begun = () => [
    { ...live('prompt'), session: SESSION },
    { ...live('command', { name: 'ship' }), session: SESSION },
  ];

  it('gets the real end in place of a guessed one', () => {
    const t = transcript();
    const lost = (fact: Fact): Fact => ({
      v: 1,
      at: NOON,
      source: 'hook',
      session: SESSION,
      kind: 'lost',
      span: spanOf(fact),
    });
    const facts = begun();
    const stateDir = makeState([...facts, lost(facts[0] as Fact)]);
    expect(tree(stateDir)).toEqual(['command /ship abandoned']);
    run(stateDir, writeTranscripts(main(t.command('ship'), t.say())));
    expect(tree(stateDir)).toEqual(['command /ship completed']);
  });

  it('is not changed where hooks told how it ended', () => {
    const t = transcript();
    const facts = [...begun(), { ...live('stop_failure', { error: 'overloaded', message: 'no' }), session: SESSION }];
    const stateDir = makeState(facts);
    run(stateDir, writeTranscripts(main(t.command('ship'), t.say())));
    expect(tree(stateDir)).toEqual(['command /ship failed', '  ! error overloaded: no']);
  });

  it('of a client that named no prompts is known by its time', () => {
    const t = transcript();
    const unnamed = clientFacts(undefined);
    const facts = [unnamed('prompt'), unnamed('stop')].map(fact => ({ ...fact, session: SESSION, prompt: undefined }));
    const records = [t.prompt('hello', 'p1', { promptId: undefined }), t.say()];
    expect(treeOfFiles(main(...records), facts)).toEqual(['command prompt completed']);
  });

  it('a session that runs now is not ended by its own past', () => {
    const t = transcript();
    const now = clientFacts('p2', NOON + 60_000);
    const facts = [now('prompt'), now('command', { name: 'now', prompt: 'p2' })].map(f => ({ ...f, session: SESSION }));
    const files = main(t.command('ship'), t.say());
    expect(treeOfFiles(files, facts)).toEqual(['command /now open', 'command /ship completed']);
  });
});

const spanOf = (fact: Fact): string => {
  const events = document(makeState([fact])).events;
  return events[0]?.trace.span_id ?? '';
};
