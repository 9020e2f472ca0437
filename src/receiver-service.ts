/** The receiver of the client's own telemetry, as a service of the monitor: requests go to the ledger, what a person decided to the journal. */
import { appendFact } from './journal/append-fact.ts';
import type { MonitorLog } from './monitor/monitor-log.ts';
import type { MonitorService } from './monitor/monitor-service.ts';
import { type OtlpReceiver, startOtlpReceiver } from './monitor/otlp-receiver.ts';
import { appendLedger } from './store/ledger.ts';
import { readWriterSettings } from './store/read-settings.ts';
import { toLedgerLine } from './usage/ledger-line.ts';

/** Null if the settings name no port. */
export function receiverService(stateDir: string, log: MonitorLog): MonitorService | null {
  const settings = readWriterSettings(stateDir);
  const { receiverPort, fsync } = settings;
  if (receiverPort === undefined) return null;
  let receiver: OtlpReceiver | null = null;
  return {
    name: 'receiver',
    async start() {
      receiver = await startOtlpReceiver({
        port: receiverPort,
        onRequests: requests => {
          const lines = requests.map(({ request, prompt, costUsdMicros }) => {
            const beside = { prompt: prompt ?? undefined, costMicros: costUsdMicros ?? undefined };
            return `${toLedgerLine(request, beside)}\n`;
          });
          if (lines.length > 0) appendLedger(stateDir, lines.join(''), fsync);
        },
        onWaits(waits) {
          for (const fact of waits) appendFact(stateDir, fact, settings);
        },
        log: log.info,
      });
    },
    async stop() {
      await receiver?.close();
    },
  };
}
