/** `monitor run`: is the monitor until it is stopped. Where there is one already, that is said, and is no failure. */
import { claudeDir } from '../../claude-code/claude-dir.ts';
import { ClaudeCodeLeaves } from '../../leaf-source.ts';
import { realClock } from '../../monitor/clock.ts';
import { type MonitorLog, openMonitorLog } from '../../monitor/monitor-log.ts';
import { type MonitorPlace, monitorPlace } from '../../monitor/monitor-place.ts';
import type { MonitorService } from '../../monitor/monitor-service.ts';
import { monitorStatus } from '../../monitor/monitor-status.ts';
import { type MonitorEnd, runMonitor } from '../../monitor/run-monitor.ts';
import { UsagePoll } from '../../poll-usage.ts';
import { safeText } from '../../query/safe-text.ts';
import { receiverService } from '../../receiver-service.ts';
import { RelayService } from '../../relay-service.ts';
import { makeStateDir } from '../../store/make-state-dir.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { monitorAnswer } from '../monitor-answer.ts';
import { VERSION } from '../version.ts';

const ANSWER_MILLIS = 500;
/** What is still at work after the end was given up: a look for usage that hangs. */
const EXIT_MILLIS = 100;

export async function run(call: CommandCall): Promise<CommandAnswer> {
  const { stateDir, context, say } = call;
  makeStateDir(stateDir);
  const place = monitorPlace(stateDir);
  const log = openMonitorLog(place.log, { now: Date.now });
  const claudeDirs = [claudeDir(context.env)];
  const pricingPath = `${context.configDir}/usage_pricing.json`;
  const leaves = new ClaudeCodeLeaves({ stateDir: place.stateDir, claudeDirs, pricingPath });
  const usage = new UsagePoll({
    stateDir: place.stateDir,
    claudeDirs,
    pricingPath,
    workerPath: context.scanWorker,
    log,
    onTold: extent => {
      leaves.told = extent;
    },
  });
  const end = await runMonitor({
    place,
    version: VERSION,
    clock: realClock,
    log,
    poll: now => usage.look(now),
    claudeDirs,
    services: [
      ...servicesOf(place.stateDir, log),
      new RelayService({ stateDir: place.stateDir, leaves, clock: realClock, log }),
    ],
    stop: stopSignal(log),
    onRunning: () => say(`the monitor of ${place.stateDir} runs as process ${process.pid}; its log: ${place.log}`),
  });
  setTimeout(() => process.exit(), EXIT_MILLIS).unref();
  const status = await monitorStatus(place, { now: Date.now(), timeoutMillis: ANSWER_MILLIS });
  return {
    json: { result: end.status, ...monitorAnswer(place, status) },
    text: () => words(end, place, status.file?.pid),
  };
}

/** What runs beside the document and the usage. */
const servicesOf = (stateDir: string, log: MonitorLog): MonitorService[] => {
  const receiver = receiverService(stateDir, log);
  return receiver ? [receiver] : [];
};

/** Aborted when somebody asks this process to end. */
function stopSignal(log: MonitorLog): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => controller.abort(signal));
  // The terminal that it was started in was closed.
  process.on('SIGHUP', () => log.info('SIGHUP: goes on'));
  process.on('uncaughtException', error => {
    log.warn(`unexpected error, so this process ends: ${error.stack ?? error.message}`);
    process.exit(1);
  });
  return controller.signal;
}

function words(end: MonitorEnd, { stateDir }: MonitorPlace, pid: number | undefined): string {
  const folder = safeText(stateDir);
  if (end.status === 'here') return `The monitor of ${folder} runs already, as process ${pid ?? 'of another user'}.`;
  if (end.status === 'elsewhere') return `The monitor of ${folder} runs already: ${safeText(end.who)}.`;
  return `The monitor of ${folder} has stopped: ${safeText(end.reason)}.`;
}
