/** A way on which alerts reach somebody. */
import type { Alert } from '../../usage/alert.ts';

export interface SendResult {
  readonly ok: boolean;
  /** What happened, for people and the log; it holds no secret. */
  readonly detail: string;
}

export interface Channel {
  /** Under this the log of alerts keeps what was delivered. */
  readonly id: string;
  /** For people, as `webhook https://hooks.slack.com`; it holds no secret. */
  readonly name: string;
  /** One call takes one alert only; otherwise all alerts of a round go in one message. */
  readonly takesOne: boolean;
  /** Never throws for anything on the way. */
  send(alerts: readonly Alert[]): Promise<SendResult>;
}

/** What channels see of the world; the monitor and the command line give the real one, tests their own. */
export interface NotifyDeps {
  /** Programs are run in it. */
  stateDir: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Default: `process.platform`. */
  platform?: string;
  /** Addresses of a host name. Default: as the system resolves it. */
  lookup?: HostLookup;
  /** How long a program may run, or a server may take, in milliseconds. Default: 30 s, 10 s. */
  programMillis?: number;
  serverMillis?: number;
}

export type HostLookup = (host: string) => Promise<readonly { address: string }[]>;
