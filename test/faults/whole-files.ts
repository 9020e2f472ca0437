/** Files of `npm test` that are rows of the matrix as they stand: they run here too, and are reported as one row each. */
export interface WholeFile {
  file: string;
  area: string;
  name: string;
  promise: string;
}

export const WHOLE_FILES: readonly WholeFile[] = [
  {
    file: 'test/hook/hostile-disk.test.ts',
    area: 'disks',
    name: 'full, closed and slow disks under hooks',
    promise: 'the agent goes on, and what was accepted stays',
  },
  {
    file: 'test/claude-code/usage-disk.test.ts',
    area: 'disks',
    name: 'full and read-only disks under usage',
    promise: 'it is counted and said, and kept when there is room',
  },
  {
    file: 'test/monitor/lifecycle.test.ts',
    area: 'processes',
    name: 'monitors: fifty starts at once, numbers of processes that went to strangers, garbage, signals, hung work',
    promise: 'one at a time, no stranger gets a signal, and it stops within two seconds',
  },
  {
    file: 'test/store/process-identity.test.ts',
    area: 'processes',
    name: 'processes with odd names, or the number of another',
    promise: 'they are told from each other by number, start and boot',
  },
  {
    file: 'test/monitor/poll-loop.test.ts',
    area: 'the clock jumps',
    name: 'under a monitor, by days, and through two days',
    promise: 'it looks as often as ever',
  },
  {
    file: 'test/monitor/otlp-receiver.test.ts',
    area: 'network',
    name: 'the receiver: names of hosts, origins, methods, bodies, slow and many connections',
    promise: 'what is not a client on this machine is refused, and the next request is served',
  },
  {
    file: 'test/monitor/socket.test.ts',
    area: 'network',
    name: 'the socket of the monitor: strangers, half questions, silence',
    promise: 'only who knows the secret of the folder is answered',
  },
  {
    file: 'test/monitor/notify/allowed-address.test.ts',
    area: 'network',
    name: 'webhooks to addresses of this machine and its network, in every way of writing them',
    promise: 'they are refused before anything is sent',
  },
  {
    file: 'test/monitor/notify/webhook.test.ts',
    area: 'network',
    name: 'webhooks that redirect, hang or answer without end',
    promise: 'they are given up, and told without their secrets',
  },
];
