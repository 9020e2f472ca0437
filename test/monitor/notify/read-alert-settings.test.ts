/** The settings of alerts as the monitor reads them: none is no problem, wrong ones are said without their secrets. */
import { describe, expect, it } from 'vitest';
import { readAlertSettings } from '../../../src/monitor/notify/read-alert-settings.ts';
import { makeFolder, writeSettings } from '../../helpers/run-cli.ts';

async function readFrom(settings?: unknown) {
  const stateDir = makeFolder();
  if (settings !== undefined) writeSettings(stateDir, settings);
  const { settings: read, problem } = await readAlertSettings(stateDir);
  return { read, problem: problem?.replace(stateDir, '') ?? null };
}

describe('the settings of alerts', () => {
  it.each([
    [undefined, {}],
    [{}, {}],
    [[], {}],
    [{ alerts: {} }, {}],
    [{ alerts: { notify: true }, rotation: { max_bytes: 'wrong, but no matter here' } }, { notify: true }],
  ])('%j are %j', async (settings, read) => {
    expect(await readFrom(settings)).toEqual({ read, problem: null });
  });

  it.each([
    ['{"alerts": ', '/spanbook.json cannot be read (no JSON): no alert is delivered'],
    [
      { alerts: { webhook: 'https://hooks.example/topsecret' } },
      '/spanbook.json: alerts is wrong, no alert is delivered; spanbook alerts test says what it is',
    ],
  ])('%j are a problem', async (settings, problem) => {
    expect(await readFrom(settings)).toEqual({ read: {}, problem });
  });
});
