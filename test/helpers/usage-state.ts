/** State folders whose ledger tests write themselves. */
import { mkdirSync } from 'node:fs';
import { appendLedger, usageDir } from '../../src/store/ledger.ts';
import type { BilledRequest, Owner } from '../../src/usage/billed-request.ts';
import { toLedgerLine } from '../../src/usage/ledger-line.ts';
import { makeFolder } from './run-cli.ts';

export interface LedgerRequest extends Partial<Omit<BilledRequest, 'at' | 'owner' | 'tokens'>>, Partial<Owner> {
  /** RFC 3339. */
  at: string;
  tokens?: Partial<BilledRequest['tokens']>;
}

/** A state folder with these requests; what they do not say is that of a plain prompt to Claude Sonnet 4.5. */
export function makeUsageState(requests: readonly LedgerRequest[]): string {
  const stateDir = makeFolder();
  fillUsageState(stateDir, requests);
  return stateDir;
}

/** The same in a folder that is there. */
export function fillUsageState(stateDir: string, requests: readonly LedgerRequest[]): void {
  mkdirSync(usageDir(stateDir), { recursive: true });
  appendLedger(stateDir, requests.map((request, index) => `${toLedgerLine(billed(request, index))}\n`).join(''));
}

function billed({ at, tokens, ...rest }: LedgerRequest, index: number): BilledRequest {
  const { session, project, branch, stage, command, agent, instance, skill, ...request } = rest;
  return {
    id: `msg_${index}:req_${index}`,
    source: 'transcript',
    at: Date.parse(at),
    model: 'claude-sonnet-4-5-20250929',
    tokens: { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0, ...tokens },
    isFinal: true,
    isFast: false,
    webSearches: 0,
    span: null,
    methods: {},
    ...request,
    owner: {
      session: session === undefined ? 'session-1' : session,
      project: project === undefined ? '/home/dev/shop' : project,
      branch: branch === undefined ? 'main' : branch,
      stage: stage ?? null,
      command: command === undefined ? 'prompt' : command,
      agent: agent === undefined ? '(main)' : agent,
      instance: instance ?? null,
      skill: skill === undefined ? '(none)' : skill,
    },
  };
}
