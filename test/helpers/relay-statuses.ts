/** What relays say of every endpoint that something was sent to. */
import { existsSync, readdirSync } from 'node:fs';
import { type RelayStatus, readRelayStatus } from '../../src/store/relay/relay-status.ts';

export function readRelayStatuses(stateDir: string): RelayStatus[] {
  const folder = `${stateDir}/relay`;
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap(name => readRelayStatus(`${folder}/${name}/relay.json`) ?? []);
}
