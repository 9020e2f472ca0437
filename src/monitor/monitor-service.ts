/** Something that runs as long as the monitor does, as a receiver of what clients send. */

export interface MonitorService {
  /** For the log. */
  name: string;
  /** One that rejects is logged; the monitor goes on without it. */
  start(): void | Promise<void>;
  /** Has a second, then it is given up. */
  stop(): void | Promise<void>;
}
