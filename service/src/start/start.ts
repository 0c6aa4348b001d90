/** Starts the whole service in this process: what open.ts opens, a listener, timers. */
import { atPort, type Config } from '../config.ts';
import { type Listener, listen } from '../http/listener.ts';
import { openMetricsServer } from '../http/metrics-server.ts';
import { checkIssuers } from '../issuers.ts';
import { startStep } from '../start-error.ts';
import { openLogger } from '../telemetry/logger.ts';
import { mayWrite } from './may-write.ts';
import { type Opened, type Overrides, open } from './open.ts';
import { periodicWork } from './periodic.ts';

/** A started service. */
export interface Running
  extends Pick<Opened, 'access' | 'app' | 'pipeline' | 'audit' | 'catalogue' | 'packs' | 'state' | 'log'> {
  /** With the port that was chosen for PORT=0. */
  readonly config: Config;
  readonly listener: Listener;
  /** Makes /ready answer 503 from now on. */
  drain(): void;
  /** Ends the answers that are still open, telling their clients why. */
  cutOff(): void;
  /** Ends timers and listeners, lets running requests finish, closes the stores. */
  stop(): Promise<void>;
}

/** Milliseconds that a start or a stop waits for an anchor: a bucket that does not answer must not hold them up. */
const ANCHOR_WAIT_MS = 8_000;

const anchorNow = async ({ anchoring, log, state }: Pick<Opened, 'anchoring' | 'log' | 'state'>): Promise<void> => {
  if (!mayWrite(state.home)) return;
  const work = anchoring.run('now').catch((error: unknown) => log.error({ err: error }, 'anchoring failed'));
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ANCHOR_WAIT_MS);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
};

/** @throws when a store, the packs or the listener cannot be opened; nothing stays open */
export const start = async (given: Config, overrides: Overrides = {}): Promise<Running> => {
  let draining = false;
  const opened: { service?: Opened } = {};
  const listeners = await openListeners(given, async () => (await opened.service?.metrics.prometheus()) ?? '');
  const { listener } = listeners;
  const config = atPort(given, listener.port);
  try {
    const log = overrides.log ?? openLogger(config);
    await checkIssuers(config, log);
    const service = await open(config, { ...overrides, log }, () => draining);
    opened.service = service;
    // Before anything is appended, so that the first record has signed heads before it.
    await anchorNow(service);
    service.onClose(startTimers(service));
    service.jobs.receive();
    await service.pipeline.resume(true);
    listener.serve(service.app.routing);
    service.log.info(
      { url: config.PUBLIC_URL, store: config.STORE, tools: service.catalogue.list.length },
      'listening',
    );
    return {
      ...service,
      config,
      listener,
      drain: () => {
        draining = true;
      },
      cutOff: () => service.openAnswers.endAll(),
      stop: async () => {
        // One grace for both: the requests, and what they began to apply.
        const until = Date.now() + config.SHUTDOWN_GRACE_SECONDS * 1000;
        await listeners.close();
        await service.close(until);
      },
    };
  } catch (error) {
    await listeners.close();
    await opened.service?.close();
    throw error;
  }
};

/** Before anything else, so that a port in use is found out before a store is touched. */
const openListeners = async (config: Config, prometheus: () => Promise<string>) => {
  const at = { host: config.HOST, port: config.PORT };
  const listener = await listening('PORT', at, () => listen({ ...at, keepAliveSeconds: config.KEEP_ALIVE_SECONDS }));
  if (config.METRICS_PORT === 0) return { listener, close: () => listener.close() };
  const metricsAt = { host: config.HOST, port: config.METRICS_PORT };
  try {
    const metrics = await listening('METRICS_PORT', metricsAt, () => openMetricsServer({ ...metricsAt, prometheus }));
    return {
      listener,
      // Metrics last: they are worth most while the last requests end.
      close: async () => {
        await listener.close();
        await metrics.close();
      },
    };
  } catch (error) {
    await listener.close();
    throw error;
  }
};

const listening = <T>(variable: string, at: { host: string; port: number }, listen: () => Promise<T>): Promise<T> =>
  startStep(
    `${variable} ${at.port} at HOST ${at.host} cannot be listened on`,
    'Stop what uses it, or choose another.',
    listen,
  );

/** What a task does unasked. None of it may keep the process alive, overlap itself, or end it. */
const startTimers = (service: Opened): (() => Promise<void>) => {
  const { log } = service;
  const running = new Set<Promise<void>>();
  const every = (milliseconds: number, name: string, work: () => Promise<unknown>) => {
    let busy = false;
    return setInterval(() => {
      if (busy) return;
      busy = true;
      const turn = work()
        .then(() => {})
        .catch((error: unknown) => log.error({ err: error }, `${name} failed`))
        .finally(() => {
          busy = false;
          running.delete(turn);
        });
      running.add(turn);
    }, milliseconds).unref();
  };
  const timers = periodicWork(service).map(({ everyMs, name, work }) => every(everyMs, name, work));
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(running);
    // What was written since the last anchor would have none for as long as nobody starts again.
    await anchorNow(service);
  };
};
