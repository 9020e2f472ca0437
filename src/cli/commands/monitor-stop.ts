/** `monitor stop`: stops the monitor within two seconds. Where there is none, that is said, and is no failure. */
import { monitorPlace } from '../../monitor/monitor-place.ts';
import { monitorStatus } from '../../monitor/monitor-status.ts';
import { type StopResult, stopMonitor } from '../../monitor/stop-monitor.ts';
import { safeText } from '../../query/safe-text.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { monitorAnswer } from '../monitor-answer.ts';

const ANSWER_MILLIS = 100;

export async function run({ stateDir }: CommandCall): Promise<CommandAnswer> {
  const place = monitorPlace(stateDir);
  const stopped = await stopMonitor(place);
  const status = await monitorStatus(place, { now: Date.now(), timeoutMillis: ANSWER_MILLIS });
  return {
    json: { result: stopped.result, stopped_pid: stopped.pid, ...monitorAnswer(place, status) },
    text: () => words(stopped, safeText(place.stateDir)),
    failed: stopped.result === 'refused' || stopped.result === 'elsewhere',
  };
}

function words({ result, pid }: StopResult, folder: string): string {
  switch (result) {
    case 'stopped':
      return `The monitor of ${folder}, process ${pid}, has stopped.`;
    case 'killed':
      return `The monitor of ${folder}, process ${pid}, did not hear, and was ended. Nothing is lost by that.`;
    case 'none':
      return `No monitor of ${folder} runs.`;
    case 'left':
      return `No monitor of ${folder} runs; process ${pid} was killed, and what it left is cleaned up.`;
    case 'elsewhere':
      return `The monitor of ${folder} is process ${pid} of another user, container or host. Stop it there.`;
    case 'refused':
      return `The monitor of ${folder}${pid === null ? '' : `, process ${pid},`} does not answer, and cannot be told apart from other processes. End it by hand.`;
  }
}
