// A hook process against an empty script: append alone, with a refresh, and eight at once.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { makeState } from './make-state.mjs';
import { header, median, processMillis, report, rounds, withFolder } from './measure.mjs';

const HOOK = new URL('../dist/hooks/claude-code.cjs', import.meta.url).pathname;
const SPANBOOK = new URL('../dist/bin/spanbook.cjs', import.meta.url).pathname;
const MB = 1 << 20;

/** A hook call in the middle of a run: it adds a fact, and ends nothing. */
const payload = () =>
  JSON.stringify({
    session_id: '00000000-0000-4000-8000-000000000001',
    transcript_path: '/home/dev/.claude/projects/-home-dev-shop/00000000-0000-4000-8000-000000000001.jsonl',
    cwd: '/home/dev/shop',
    prompt_id: '00000000-0000-4000-8000-000000000000',
    permission_mode: 'bypassPermissions',
    hook_event_name: 'PreToolUse',
    tool_name: 'Skill',
    tool_input: { skill: 'prototype-builder', args: 'x' },
    tool_use_id: `toolu_${Math.random()}`,
  });

export function benchHooks({ roundCount }) {
  withFolder(folder => {
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    // For an append alone the document must be one that hooks leave to others: larger than 512 KB.
    const sizes = { none: 0, small: 100 * 1024, large: 45 * MB, rest: MB };
    for (const [name, bytes] of Object.entries(sizes)) makeState(`${folder}/${name}`, bytes);
    const hook = state => () => processMillis([HOOK], { env: { SPANBOOK_STATE_DIR: state }, input: payload() });
    let fresh = 0;
    const noState = () => {
      const state = `${folder}/fresh-${fresh++}`;
      cpSync(`${folder}/none`, state, { recursive: true });
      return hook(state)();
    };
    const [base, append, small, none, large] = rounds(
      [
        { name: 'empty script', run: () => processMillis([empty], { input: payload() }) },
        { name: 'append alone', run: hook(`${folder}/rest`) },
        { name: 'refresh of 100 KB', run: hook(`${folder}/small`) },
        { name: 'no state', run: noState },
        { name: '45 MB', run: hook(`${folder}/large`) },
      ],
      roundCount,
    );
    header(`hook process, ${roundCount} rounds (an empty script takes ${base.median.toFixed(1)} ms)`);
    report('append alone / empty script', `${append.ratio.toFixed(2)} x`, '<= 1.15');
    report('with the refresh of a 100 KB document / empty script', `${small.ratio.toFixed(2)} x`, '<= 1.4');
    report('at 45 MB of state / with none', `${(large.median / none.median).toFixed(2)} x`, '<= 1.0');
  });
}

/** With a live monitor a hook appends and is done. Pairs alone, for this is the most that a client waits. */
export function benchHookWithMonitor({ roundCount }) {
  withFolder(folder => {
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    const state = `${folder}/state`;
    const env = { PATH: process.env.PATH, HOME: folder };
    const monitor = verb => {
      const { status, stderr } = spawnSync(process.execPath, [SPANBOOK, 'monitor', verb, '--state-dir', state], {
        env,
      });
      if (status !== 0) throw new Error(`monitor ${verb}: expected exit code 0, got ${status}: ${stderr}`);
    };
    makeState(state, 100 * 1024);
    monitor('start');
    try {
      const [base, hook] = rounds(
        [
          { name: 'empty script', run: () => processMillis([empty], { input: payload() }) },
          { name: 'hook', run: () => processMillis([HOOK], { env: { SPANBOOK_STATE_DIR: state }, input: payload() }) },
        ],
        roundCount,
      );
      report(
        `hook with a live monitor / empty script (${base.median.toFixed(1)} ms)`,
        `${hook.ratio.toFixed(2)} x`,
        '<= 1.1',
      );
    } finally {
      monitor('stop');
    }
  });
}

/** Processes a second, eight at a time. */
async function rate(args, env, count) {
  const began = process.hrtime.bigint();
  let left = count;
  const lane = async () => {
    while (left-- > 0) {
      await new Promise((resolve, reject) => {
        const child = spawn(process.execPath, args, {
          env: { PATH: process.env.PATH, ...env },
          stdio: ['pipe', 'ignore', 'ignore'],
        });
        child.on('error', reject);
        child.on('exit', resolve);
        child.stdin.on('error', () => {});
        child.stdin.end(payload());
      });
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return count / (Number(process.hrtime.bigint() - began) / 1e9);
}

export async function benchParallelHooks({ roundCount }) {
  await withFolder(async folder => {
    const empty = `${folder}/empty.cjs`;
    writeFileSync(empty, '');
    makeState(`${folder}/rest`, MB);
    const ratios = [];
    const rates = [];
    for (let round = 0; round < roundCount; round++) {
      const baseline = await rate([empty], {}, 64);
      const hooks = await rate([HOOK], { SPANBOOK_STATE_DIR: `${folder}/rest` }, 64);
      ratios.push(hooks / baseline);
      rates.push(hooks);
    }
    report(
      `8 hooks at once / 8 empty scripts at once (${median(rates).toFixed(0)} hooks a second)`,
      `${median(ratios).toFixed(2)} x`,
      '>= 0.85',
    );
  });
}
