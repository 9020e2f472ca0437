/** `monitor start`: starts a monitor that outlives the terminal. Twice is once. */

import { type StartResult, startMonitor } from '../../monitor/start-monitor.ts';
import { safeText } from '../../query/safe-text.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { monitorAnswer } from '../monitor-answer.ts';

export async function run({ stateDir, context }: CommandCall): Promise<CommandAnswer> {
  const { executable, env } = context;
  const started = await startMonitor({ stateDir, executable, env });
  return {
    json: { result: started.result, ...monitorAnswer(started.place, started.status) },
    text: () => words(started),
    failed: started.result === 'failed',
  };
}

function words({ result, place, status, log }: StartResult): string {
  const pid = status.file?.pid;
  const folder = safeText(place.stateDir);
  switch (result) {
    case 'started':
      return `The monitor of ${folder} runs as process ${pid}.`;
    case 'already':
      return status.state === 'stuck'
        ? `The monitor of ${folder} is there as process ${pid}, but does not answer. To end it: spanbook monitor stop`
        : `The monitor of ${folder} runs already, as process ${pid}.`;
    case 'starting':
      return `The monitor of ${folder} was started, and does not answer yet. Look again: spanbook monitor status`;
    case 'failed':
      return [
        `The monitor of ${folder} does not start. The last that was heard:`,
        ...log.split('\n').map(safeText),
      ].join('\n');
  }
}
