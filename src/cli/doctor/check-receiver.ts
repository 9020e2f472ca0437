/** Does the client send its telemetry to the monitor of this folder, and does anybody take it there? */
import { hooksDirOf } from '../../claude-code/install-place.ts';
import { readRecord } from '../../claude-code/install-record.ts';
import { object } from '../../claude-code/payload.ts';
import { telemetryConflict } from '../../claude-code/telemetry-conflict.ts';
import { telemetryPort } from '../../claude-code/telemetry-variables.ts';
import { RECEIVER_NAME } from '../../monitor/otlp-answer.ts';
import { readWriterSettings, settingsPath } from '../../store/read-settings.ts';
import { shellWord } from '../shell-word.ts';
import { variableSources } from '../variable-sources.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import { initWords } from './check-hook-settings.ts';
import { type Examination, realPath } from './examination.ts';

const ANSWER_MILLIS = 2000;

export async function checkReceiver(examination: Examination): Promise<Finding> {
  const { recorded, project, userClaude, env, managedSettings, sources } = examination;
  const users = sources.find(({ scope }) => scope === 'user');
  const told = telemetryPort(object(users?.settings?.env));
  const port = readWriterSettings(recorded.path).receiverPort ?? null;
  const fix = initOf(examination);
  if (port === null) return notHere(told, examination);
  const conflict = telemetryConflict(variableSources({ project, claudeDir: userClaude, env, managedSettings }), port);
  if (told === null) {
    // Somebody else has it, and may pass it on.
    if (conflict !== null) return listening(port, `what is passed on (${conflict})`, examination);
    return bad('warning', `no variables in ${users?.path ?? 'your settings'} make the client send anything`, fix);
  }
  if (told !== port) {
    return bad('failed', `the client sends to port ${told}, but receiver.port is ${port}`, fix);
  }
  if (conflict !== null) return bad('warning', `the client may send elsewhere: ${conflict}`, `${fix}, which says more`);
  return listening(port, 'the telemetry of the client', examination);
}

/** The `init` that put the hooks where they are, with the variables. */
const initOf = ({ hooks: [hook], command }: Examination): string =>
  command(`${hook ? initWords(hook.source) : 'init'} --otlp`);

function notHere(told: number | null, examination: Examination): Finding {
  const { recorded, userClaude } = examination;
  if (told === null) return skipped('the client is not told to send its telemetry here');
  const owner = userClaude === undefined ? null : readRecord(hooksDirOf({ claudeDir: userClaude }))?.receiver;
  if (owner && realPath(owner.state_dir) !== realPath(recorded.path)) {
    return skipped(`the monitor of ${owner.state_dir} takes the telemetry of the client`);
  }
  const detail = `the client sends to port ${told}, but ${settingsPath(recorded.path)} names no receiver.port`;
  return bad('failed', detail, initOf(examination));
}

/** Whether our monitor is there: an export of nothing has to be taken, by one that has its name. */
async function listening(port: number, what: string, { recorded, queried }: Examination): Promise<Finding> {
  const url = `http://127.0.0.1:${port}/v1/logs`;
  const elsewhere = recorded.path === queried.path ? '' : ` --state-dir ${shellWord(recorded.path)}`;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MILLIS),
    });
    await response.body?.cancel();
    if (response.ok && response.headers.get('server') === RECEIVER_NAME) return ok(`port ${port} takes ${what}`);
  } catch (error) {
    if (error instanceof Error && error.name === 'TypeError') {
      const detail = `nobody listens on port ${port}; usage comes from transcripts alone`;
      return bad('warning', detail, `npx spanbook monitor start${elsewhere}`);
    }
  }
  const path = settingsPath(recorded.path);
  return bad(
    'failed',
    `another program has port ${port}`,
    `Set receiver.port in ${path} to a free one, then init --otlp`,
  );
}
