/** Does the monitor that says that it runs still run, and keep the document? By its process and its heartbeat. */
import { readMonitorFile } from '../../monitor/monitor-file.ts';
import { processState } from '../../monitor/process-check.ts';
import { formatDuration } from '../../query/format-duration.ts';
import { heartbeatAt, isKept } from '../../store/heartbeat.ts';
import { shellWord } from '../shell-word.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';

export function checkMonitor({ recorded, queried, project, cwd, now }: Examination): Finding {
  const path = `${recorded.path}/monitor.json`;
  const file = readMonitorFile(path);
  if (file === null) return ok('not running; hooks and queries keep the files up to date');
  if (file === 'garbage') return bad('warning', `${path} names no monitor`, `rm ${shellWord(path)}`);
  const isFound = recorded.path === queried.path && project === cwd;
  const command = (verb: string): string =>
    `npx spanbook monitor ${verb}${isFound ? '' : ` --state-dir ${shellWord(recorded.path)}`}`;
  const state = processState(file.process);
  if (state === 'gone') return bad('warning', `process ${file.pid} was the monitor, and was killed`, command('start'));
  const who = `process ${file.pid}${state === 'alive' ? '' : ' of another container or host'}`;
  if (isKept(recorded.path, now)) return ok(`running as ${who}`);
  const at = heartbeatAt(recorded.path);
  const sign = at === 0 ? 'it has given no sign of life' : `its last sign of life came ${formatDuration(now - at)} ago`;
  return bad('warning', `${who} is alive but stuck: ${sign}`, `${command('stop')} && ${command('start')}`);
}
