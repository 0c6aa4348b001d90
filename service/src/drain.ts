/** Stopping without dropping anything: refuse new work, finish what runs, close what is open, leave. */
import type { Server } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

/** A running service, as stopping it needs to see it. */
export interface Drainable {
  readonly app: { readonly server: Server };
  readonly log: Logger;
  /** Called first; from then on /ready answers 503. */
  drain(): void;
  /** Resolves once no request runs and every store is closed. */
  stop(): Promise<void>;
}

export type DrainSettings = Pick<Config, 'SHUTDOWN_GRACE_SECONDS'>;

/**
 * Stops the service. Resolves when everything is closed: true if every running request finished within the grace.
 * Requests that run longer are cut off. Rejects when a store cannot be closed.
 */
export const drain = async (running: Drainable, { SHUTDOWN_GRACE_SECONDS }: DrainSettings): Promise<boolean> => {
  const { app, log } = running;
  const { server } = app;
  running.drain();
  // Whoever is being answered learns not to ask again on this connection, else its keep-alive would hold the close up.
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  let finished = true;
  const cut = setTimeout(() => {
    finished = false;
    log.warn(`requests still ran after ${SHUTDOWN_GRACE_SECONDS} s and were cut off`);
    server.closeAllConnections();
  }, SHUTDOWN_GRACE_SECONDS * 1000);
  // A connection turns idle when its last answer is out, and Node closes only those that are idle already.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
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
    running.log.info({ signal, graceSeconds: settings.SHUTDOWN_GRACE_SECONDS }, 'stopping');
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
