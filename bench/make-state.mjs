// Fills a state folder with hook facts until its document has about so many bytes, and brings the document up to date.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { refreshDocument } from '../dist/src/store/refresh-document.js';

const NEVER_ROTATE = 1e12;
const hex = (n, digits) => n.toString(16).padStart(digits, '0');

/** `documentBytes` 0 gives an empty folder. */
export function makeState(stateDir, documentBytes) {
  mkdirSync(`${stateDir}/journal`, { recursive: true, mode: 0o700 });
  const session = '00000000-0000-4000-8000-000000000001';
  const base = at => ({ v: 1, at, source: 'hook', session });
  const lines = [];
  const add = fact => lines.push(JSON.stringify(fact));
  let at = 1_790_000_000_000;
  // A run of eight events is about 4.6 KB of document.
  for (let run = 0; run * 4600 < documentBytes; run++) {
    const prompt = `${hex(run, 8)}-0000-4000-8000-000000000000`;
    add({ ...base(at++), prompt, kind: 'prompt' });
    add({ ...base(at++), prompt, kind: 'command', name: 'build' });
    for (const part of ['a', 'b']) {
      const agent = `${part}${hex(run, 16)}`;
      add({
        ...base(at++),
        prompt,
        kind: 'agent_call',
        tool_use: `toolu_${part}${run}`,
        name: 'builder',
        label: `run ${run}${part}`,
      });
      add({ ...base(at++), prompt, agent, kind: 'agent_start', name: 'builder' });
      add({ ...base(at++), prompt, agent, kind: 'agent_end' });
      add({
        ...base(at++),
        prompt,
        kind: 'agent_return',
        tool_use: `toolu_${part}${run}`,
        child: agent,
        status: 'completed',
      });
    }
    add({ ...base(at++), prompt, kind: 'skill_call', tool_use: `toolu_s${run}`, name: 'prototype-builder' });
    add({ ...base(at++), prompt, kind: 'stop' });
  }
  if (documentBytes === 0) return 0;
  writeFileSync(`${stateDir}/journal/events-00000001.jsonl`, `${lines.join('\n')}\n`, { mode: 0o600 });
  refreshDocument(stateDir, NEVER_ROTATE);
  return statSync(`${stateDir}/pipeline_progress.json`).size;
}
