/** Stopping without dropping anything: refuse new work, finish what runs, close what is open, leave. */
import type { Server } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

/** A running service, as stopping it needs to see it. */
export interface Drainable {
  readonly app: { readonly server: Server; close(): Promise<void> };
  /** Called first; from then on /ready answers 503. */
  readonly beginDraining: () => void;
  /** Stores, listeners and telemetry by name, closed in this order once no request runs any more. */
  readonly closers: Readonly<Record<string, () => Promise<void>>>;
  readonly log: Logger;
}

export type DrainSettings = Pick<Config, 'SHUTDOWN_GRACE_SECONDS'>;

/** Closes what is open; one that cannot be closed does not keep the others open. */
const closeAll = async ({ closers, log }: Drainable): Promise<boolean> => {
  let clean = true;
  for (const [name, close] of Object.entries(closers)) {
    try {
      await close();
    } catch (error) {
      clean = false;
      log.error({ err: error }, `${name} could not be closed`);
    }
  }
  return clean;
};

/**
 * Stops the service. Resolves when everything is closed: true if every running request finished within the grace and
 * every store closed. Requests that run longer are cut off.
 */
export const drain = async (running: Drainable, { SHUTDOWN_GRACE_SECONDS }: DrainSettings): Promise<boolean> => {
  const { app, beginDraining, log } = running;
  const { server } = app;
  beginDraining();
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
  await app.close();
  clearTimeout(cut);
  clearInterval(sweep);
  return (await closeAll(running)) && finished;
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
