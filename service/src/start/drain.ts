/** Stopping without dropping anything: say so, serve on, refuse new work, finish what runs, close what is open, leave. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Listener } from '../http/listener.ts';

/** A running service, as stopping it needs to see it. */
export interface Drainable {
  readonly listener: Pick<Listener, 'servers'>;
  readonly log: Logger;
  /** Called first; from then on /ready answers 503. */
  drain(): void;
  /** Ends the answers that are still open, telling their clients why. */
  cutOff(): void;
  /** Resolves once no request runs and every store is closed. */
  stop(): Promise<void>;
}

export type DrainSettings = Pick<Config, 'SHUTDOWN_DELAY_SECONDS' | 'SHUTDOWN_GRACE_SECONDS'>;

/** Milliseconds in which a last word reaches those that are cut off. */
const LAST_WORD_MS = 500;

/**
 * Stops the service. Resolves when everything is closed: true if every running request finished within the grace.
 * For the delay it serves as before: a load balancer goes on sending requests until it has seen /ready fail often
 * enough. Requests that outlive the grace after it are cut off. Rejects when a store cannot be closed.
 */
export const drain = async (running: Drainable, settings: DrainSettings): Promise<boolean> => {
  const { SHUTDOWN_DELAY_SECONDS, SHUTDOWN_GRACE_SECONDS } = settings;
  const { listener, log } = running;
  running.drain();
  await sleep(SHUTDOWN_DELAY_SECONDS * 1000);
  // Whoever is being answered learns not to ask again on this connection, else its keep-alive would hold the close up.
  for (const server of listener.servers)
    server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  let finished = true;
  const cut = setTimeout(() => {
    finished = false;
    log.warn(`requests still ran after ${SHUTDOWN_GRACE_SECONDS} s and were cut off`);
    running.cutOff();
    setTimeout(() => {
      for (const server of listener.servers) server.closeAllConnections();
    }, LAST_WORD_MS);
  }, SHUTDOWN_GRACE_SECONDS * 1000);
  // A connection turns idle when its last answer is out, and Node closes only those that are idle already.
  const sweep = setInterval(() => {
    for (const server of listener.servers) server.closeIdleConnections();
  }, 100);
  try {
    await running.stop();
  } finally {
    clearTimeout(cut);
    clearInterval(sweep);
  }
  return finished;
};

/**
 * Drains on SIGTERM and SIGINT and ends the process: 0 when nothing was cut off, 1 when something was. A second signal
 * ends it at once.
 */
export const drainOnSignals = (running: Drainable, settings: DrainSettings): void => {
  let draining = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (draining) process.exit(130);
    draining = true;
    const { SHUTDOWN_DELAY_SECONDS: delaySeconds, SHUTDOWN_GRACE_SECONDS: graceSeconds } = settings;
    running.log.info({ signal, delaySeconds, graceSeconds }, 'stopping');
    drain(running, settings).then(
      (clean) => {
        running.log.info({ clean }, 'stopped');
        process.exit(clean ? 0 : 1);
      },
      (error: unknown) => {
        running.log.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};
