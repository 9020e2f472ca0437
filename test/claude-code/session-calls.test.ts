/** The calls of a session, read while its transcripts grow. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { claudeTranscripts, type FoundSession } from '../../src/claude-code/changed-sessions.ts';
import { SessionReader } from '../../src/claude-code/session-calls.ts';
import { ROOT } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const RECORDED = `${ROOT}examples/recorded-session`;

function sessionIn(folder: string): FoundSession {
  const [found, ...others] = claudeTranscripts([folder]);
  if (!found || others.length > 0) throw new Error(`${folder}: expected one session, got ${others.length}`);
  return found;
}

const callsOf = (reader: SessionReader, folder: string) => {
  const { requests, toolsOf } = reader.read(sessionIn(folder));
  return JSON.parse(JSON.stringify({ requests: [...requests], tools: [...toolsOf] })) as {
    requests: [string, { startAt: number; endAt: number }][];
    tools: [string, { id: string; tool: string; startAt: number; endAt: number | null }[]][];
  };
};

describe('a session', () => {
  it('that was read bit by bit tells what it tells at once', () => {
    const whole = callsOf(new SessionReader(), RECORDED);
    expect(whole.requests).toHaveLength(15);
    expect(whole.tools.flatMap(([, calls]) => calls).every(({ endAt }) => endAt !== null)).toBe(true);
    for (const stride of [1, 2, 5, 1000]) {
      const folder = tempDir();
      cpSync(RECORDED, folder, { recursive: true });
      const files = readdirSync(`${folder}/projects`, { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('.jsonl'))
        .map(name => ({
          path: `${folder}/projects/${name}`,
          text: readFileSync(`${folder}/projects/${name}`, 'utf8'),
        }));
      for (const { path } of files) writeFileSync(path, '');
      const reader = new SessionReader();
      for (const { path, text } of files) {
        const lines = text.split('\n');
        for (let at = 0; at < lines.length; at += stride) {
          const part = lines.slice(at, at + stride).join('\n');
          const isLast = at + stride >= lines.length;
          // Whoever writes it may be in the middle of a line.
          appendFileSync(path, part.slice(0, 100));
          callsOf(reader, folder);
          appendFileSync(path, `${part.slice(100)}${isLast ? '' : '\n'}`);
          callsOf(reader, folder);
        }
      }
      const sorted = (all: typeof whole) => ({
        requests: [...all.requests].sort(),
        tools: all.tools.map(([span, calls]) => [span, calls]).sort(),
      });
      expect([stride, sorted(callsOf(reader, folder))]).toEqual([stride, sorted(whole)]);
    }
  });

  it('times a request from what it answers to', () => {
    const { requests, tools } = callsOf(new SessionReader(), RECORDED);
    const calls = tools.flatMap(([, all]) => all);
    for (const [, { startAt, endAt }] of requests) expect(endAt).toBeGreaterThanOrEqual(startAt);
    // Each tool came back, and a request answered to that.
    for (const { endAt } of calls.filter(({ tool }) => tool === 'Bash'))
      expect(requests.some(([, { startAt }]) => startAt === endAt)).toBe(true);
  });

  it('whose file is another one is read anew', () => {
    const folder = tempDir();
    mkdirSync(`${folder}/projects/p`, { recursive: true });
    const path = `${folder}/projects/p/0b6e0000-0000-4000-8000-000000000001.jsonl`;
    const line = (id: string): string =>
      `${JSON.stringify({ type: 'assistant', timestamp: '2026-01-01T12:00:00.000Z', uuid: id, requestId: id, message: { id, model: 'm', content: [], usage: { input_tokens: 1 } } })}\n`;
    writeFileSync(path, line('one') + line('two'));
    const reader = new SessionReader();
    expect(callsOf(reader, folder).requests.map(([id]) => id)).toEqual(['one:one', 'two:two']);
    writeFileSync(path, line('three'));
    expect(callsOf(reader, folder).requests.map(([id]) => id)).toContain('three:three');
  });
});
