/** `monitor status`: whether a monitor runs, by its socket, its process and its heartbeat. */
import { monitorPlace } from '../../monitor/monitor-place.ts';
import { monitorStatus } from '../../monitor/monitor-status.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { monitorAnswer } from '../monitor-answer.ts';
import { renderMonitor } from '../render-monitor.ts';

/** A monitor that reads gigabytes for the first time may take a moment. */
const ANSWER_MILLIS = 2000;

export async function run({ stateDir, context, style }: CommandCall): Promise<CommandAnswer> {
  const place = monitorPlace(stateDir);
  // Heartbeats are held against the clock of this machine.
  const status = await monitorStatus(place, { now: Date.now(), timeoutMillis: ANSWER_MILLIS });
  const answer = monitorAnswer(place, status);
  return { json: answer, text: () => renderMonitor(style, answer, context.now()).join('\n') };
}
