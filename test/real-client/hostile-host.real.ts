/** Where the state cannot be written, the client answers as if there were no hooks, and what failed is noted at home. */
import { expect, it, onTestFinished } from 'vitest';
import { fill, smallDisk } from '../helpers/small-disk.ts';
import { agent, bash, skill } from './calls.ts';
import { eachClient } from './each-client.ts';
import { hookTraces, SILENT } from './hook-traces.ts';
import { hookFailures } from './recorded.ts';
import { type Answer, openStage, type Stage } from './stage.ts';

const scripts = () => ({
  build: [{ calls: [skill('test-writer'), agent('builder', 'one')] }, { text: 'end' }],
  one: [{ calls: [bash('exit 1')] }, { text: 'one is done' }],
});

/** A folder that cannot be written, or why there is none here. */
const PLACES: Record<string, () => { path: string; code: string } | { refused: string }> = {
  'cannot be made': () => ({ path: '/dev/null/state', code: 'ENOTDIR' }),
  'is on a disk that is read only': () => {
    const disk = smallDisk('size=64k,ro');
    return 'refused' in disk ? disk : { ...disk, code: 'EROFS' };
  },
  'is on a full disk': () => {
    const disk = smallDisk();
    if ('refused' in disk) return disk;
    fill(`${disk.path}/other`);
    return { ...disk, code: 'ENOSPC' };
  },
};

eachClient('hostile host', client => {
  async function play(env: Record<string, string>, hooks: 'ours' | 'none'): Promise<{ stage: Stage; answer: Answer }> {
    const stage = await openStage({ client, scripts, hooks, env });
    onTestFinished(() => stage.close());
    return { stage, answer: await stage.run('/build it') };
  }

  it.for(Object.entries(PLACES))('changes nothing for the client if the state %s', async ([, place], { skip }) => {
    const given = place();
    if ('refused' in given) return skip(given.refused);
    const { stage, answer } = await play({ SPANBOOK_STATE_DIR: given.path }, 'ours');
    const without = await play({}, 'none');
    expect(answer).toEqual(without.answer);
    expect(answer.code).toBe(0);
    for (const trace of hookTraces(stage.project)) expect(trace).toEqual(SILENT);
    expect(hookFailures(stage.project)).toContain(given.code);
  });
});
