/** Lines of transcripts, as usage and imports read them. */
import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { readTranscript } from '../../src/claude-code/read-transcript.ts';
import { type FileToScan, scanSession } from '../../src/claude-code/scan-session.ts';
import { sessionFacts } from '../../src/claude-code/session-facts.ts';
import { createState } from '../../src/model/state.ts';
import { KnownFacts } from '../../src/store/known-facts.ts';
import { fromLedgerLine } from '../../src/usage/ledger-line.ts';
import { linesIn } from '../../src/usage/ledger-text.ts';
import { NOON } from '../helpers/client-facts.ts';
import { ROOT } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { SESSION, transcript, used } from '../helpers/write-transcripts.ts';
import { fault } from './fault.ts';
import { fuzz, putFile } from './fuzz.ts';
import { hostileJson } from './hostile-json.ts';
import { foldLines } from './valid-document.ts';

const { answer, call, command, prompt, result, say, system } = transcript();
const HANDMADE = [
  answer('1', used(3, 5, { cache_creation_input_tokens: 7, speed: 'fast', iterations: [{ type: 'compaction' }] })),
  answer('2', used(1, 2), { content: [{ type: 'tool_use', id: 't1', name: 'Agent', input: { subagent_type: 'a' } }] }),
  call('Skill', 't2', { skill: 'plan' }),
  command('deploy'),
  prompt('go on', 'p2'),
  result('t1', { toolUseResult: { agentId: 'a1', status: 'completed' } }, { is_error: true }),
  say('done'),
  system('turn_duration'),
  { type: 'ai-title', aiTitle: 'a title', sessionId: SESSION },
  { type: 'cost-state', totals: { 'claude-x': { inputTokens: 1, outputTokens: 2 } }, sessionId: SESSION },
];
const recorded = readFileSync(
  `${ROOT}examples/recorded-session/projects/-home-dev-shop/fe0a3f5c-4c52-4589-b1df-2d0604705b1b.jsonl`,
  'utf8',
);
const line = hostileJson([...recorded.trimEnd().split('\n'), ...HANDMADE.map(record => JSON.stringify(record))]);

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

describe('input', () => {
  fault(
    'lines of transcripts, for usage',
    'what is counted is written and read again as it was, and never negative',
    row => {
      const path = `${tempDir()}/${SESSION}.jsonl`;
      const file: FileToScan = { path, mtimeMs: NOON, offset: 0, tail: '', damaged: 0 };
      const session = { key: 'k', session: SESSION, folder: '-home-dev', files: [file], state: null, now: NOON };
      return fuzz(row, {
        input: line,
        take(lines) {
          putFile(path, lines.join('\n'));
          const scanned = scanSession(session);
          const told = linesIn(scanned.lines);
          for (const one of told) {
            const { request } = fromLedgerLine(one) ?? {};
            expect(Object.values(request?.tokens ?? { none: -1 }).every(isCount), one).toBe(true);
          }
          // Kept between two readings as JSON.
          scanSession({ ...session, state: JSON.parse(JSON.stringify(scanned.state)) });
          return Math.min(lines.length, told.length);
        },
      });
    },
  );

  fault('lines of transcripts, for an import', 'facts that the fold takes, and a valid document', row => {
    const path = `${tempDir()}/${SESSION}.jsonl`;
    return fuzz(row, {
      input: line,
      take(lines) {
        putFile(path, lines.join('\n'));
        const main = readTranscript(path, { labels: true, isAgent: false });
        const known = new KnownFacts('/nonexistent', createState(), new Map());
        const { facts, open } = sessionFacts({ session: SESSION, path, main, agents: [] }, known, () => 'stage');
        const told = [...facts, ...open].map(fact => JSON.stringify(fact));
        expect(foldLines(told)).toBe(told.length);
        return Math.min(lines.length, facts.length);
      },
    });
  });
});
