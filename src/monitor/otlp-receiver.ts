/** Takes the telemetry that Claude Code sends to this machine: the one place that opens a socket for it. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemErrorCode } from '../errors.ts';
import type { ToolWaitFact } from '../model/client-fact.ts';
import type { OtlpRequest } from '../usage/otlp-request.ts';
import { answerOtlp, type OtlpReceiving, RECEIVER_NAME } from './otlp-answer.ts';

export interface OtlpReceiverOptions {
  /** 0: any that is free. */
  port: number;
  /** Keeps the requests for good before it returns. If it throws, the client is asked to send them again. */
  onRequests(requests: readonly OtlpRequest[]): void;
  /** The same of what a person decided about tools. Absent: that is dropped. */
  onWaits?(waits: readonly ToolWaitFact[]): void;
  /** One line for the log of the monitor. */
  log(line: string): void;
  limits?: Partial<OtlpLimits>;
}

export interface OtlpLimits {
  /** Of one body, as it is sent and as it is inflated. Default 20 MiB. */
  maxBodyBytes: number;
  /** Of all bodies that are being read. Default 64 MiB. */
  maxTotalBytes: number;
  /** Connections on one address; more are closed. Default 128. */
  maxConnections: number;
  /** For the head of a request. Default 10 s. */
  headersTimeoutMillis: number;
  /** For a whole request. Default 30 s. */
  requestTimeoutMillis: number;
  /** Between two requests. Longer than the client's pauses (5 s), so that none meets a closed connection. Default 75 s. */
  keepAliveTimeoutMillis: number;
  /** How often the timeouts are looked at. Default 5 s. */
  checkMillis: number;
}

export interface OtlpReceiver {
  /** Null: it does not listen, and the log says why. */
  port: number | null;
  /** Hangs up on everybody. What was not answered yet, the client sends again. */
  close(): Promise<void>;
}

const DEFAULTS: OtlpLimits = {
  maxBodyBytes: 20_971_520,
  maxTotalBytes: 67_108_864,
  maxConnections: 128,
  headersTimeoutMillis: 10_000,
  requestTimeoutMillis: 30_000,
  keepAliveTimeoutMillis: 75_000,
  checkMillis: 5000,
};

/** Starts to listen, on loopback only. Called by the monitor if the settings name a port; never throws because of one. */
export async function startOtlpReceiver(options: OtlpReceiverOptions): Promise<OtlpReceiver> {
  const limits = { ...DEFAULTS, ...options.limits };
  const receiving = receivingOf(options, limits);
  const listener = listenerOf(receiving, options.log);
  const place = { listener, limits, log: options.log };
  const server = await listen({ ...place, host: '127.0.0.1', port: options.port });
  if (typeof server === 'string') {
    options.log(`receiver: ${reasonOf(server, options.port)}; usage is read from transcripts alone`);
    return { port: null, close: async () => {} };
  }
  const { port } = server.address() as AddressInfo;
  receiving.port = port;
  // The variables of the client name 127.0.0.1, so this one may be missing.
  const second = await listen({ ...place, host: '::1', port });
  const servers = typeof second === 'string' ? [server] : [server, second];
  return { port, close: () => closeAll(servers) };
}

function reasonOf(code: string, port: number): string {
  const remedy = 'set receiver.port in spanbook.json to a free one and run spanbook init --otlp again';
  if (code === 'EADDRINUSE') return `port ${port} is in use by another program: ${remedy}`;
  return `port ${port} cannot be opened (${code}): ${remedy}`;
}

function receivingOf({ onRequests, onWaits, log }: OtlpReceiverOptions, limits: OtlpLimits): OtlpReceiving {
  let refused = 0;
  let damaged = 0;
  let told = 0;
  return {
    port: 0,
    budget: { maxBytes: limits.maxBodyBytes, maxTotalBytes: limits.maxTotalBytes, usedBytes: 0 },
    onRequests(requests) {
      onRequests(requests);
      if (refused > 0) log(`receiver: requests are written again; ${refused} times the client was asked to resend`);
      refused = 0;
    },
    onWaits: waits => onWaits?.(waits),
    onFailure(error) {
      // Once an episode: the client comes back every second.
      if (refused++ > 0) return;
      log(`receiver: requests could not be written (${messageOf(error)}); the client is asked to send them again`);
    },
    onDamaged(count) {
      damaged += count;
      if (damaged < 10 * told) return;
      told = damaged;
      log(`receiver: ${damaged} damaged api_request events dropped so far`);
    },
  };
}

function listenerOf(receiving: OtlpReceiving, log: (line: string) => void): RequestListener {
  return (request, response) => {
    answerOtlp(request, receiving)
      .then(answer => {
        if (!answer || response.destroyed) return response.destroy();
        const length = String(Buffer.byteLength(answer.body));
        response.writeHead(answer.status, { server: RECEIVER_NAME, 'content-length': length, ...answer.headers });
        response.end(answer.body);
      })
      .catch((error: unknown) => {
        log(`receiver: unexpected error: ${messageOf(error)}`);
        response.destroy();
      });
  };
}

interface Place {
  listener: RequestListener;
  limits: OtlpLimits;
  log(line: string): void;
  host: string;
  port: number;
}

/** A server that listens, or the code of the error for which there is none. */
function listen({ listener, limits, log, host, port }: Place): Promise<Server | string> {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMillis,
      requestTimeout: limits.requestTimeoutMillis,
      keepAliveTimeout: limits.keepAliveTimeoutMillis,
      connectionsCheckingInterval: limits.checkMillis,
    },
    listener,
  );
  server.maxConnections = limits.maxConnections;
  return new Promise(resolve => {
    server.on('error', error => {
      if (server.listening) log(`receiver: ${messageOf(error)}`);
      resolve(systemErrorCode(error) ?? error.message);
    });
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

/** A second call waits for the same. */
async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      server =>
        new Promise<void>(resolve => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
