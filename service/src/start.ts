/** Starts the whole service in this process: what open.ts opens, a listener, timers. */
import type { Logger } from 'pino';
import type { Service } from './assemble.ts';
import type { Config } from './config.ts';
import { openMetricsServer } from './http/metrics-server.ts';
import { type Opened, type Overrides, open } from './open.ts';
import { startStep } from './start-error.ts';

/** A started service. */
export interface Running extends Pick<Service, 'app' | 'pipeline' | 'audit' | 'catalogue'> {
  readonly log: Logger;
  /** Makes /ready answer 503 from now on. */
  drain(): void;
  /** Ends timers and listeners, lets running requests finish, closes the stores. */
  stop(): Promise<void>;
}

const RESUME_MS = 60_000;
const SWEEP_MS = 600_000;

/** @throws when a store, the packs or the listener cannot be opened; nothing stays open */
export const start = async (config: Config, overrides: Overrides = {}): Promise<Running> => {
  let draining = false;
  const service = await open(config, overrides, () => draining);
  try {
    await service.pipeline.resume(true);
    service.onClose(startTimers(service));
    if (config.METRICS_PORT !== 0) {
      const at = { host: config.HOST, port: config.METRICS_PORT };
      const { close } = await listening('METRICS_PORT', at, () =>
        openMetricsServer({ ...at, prometheus: service.metrics.prometheus }),
      );
      service.onClose(close);
    }
    const at = { host: config.HOST, port: config.PORT };
    await listening('PORT', at, () => service.app.listen(at));
    service.log.info(
      { url: config.PUBLIC_URL, store: config.STORE, tools: service.catalogue.list.length },
      'listening',
    );
    return {
      ...service,
      drain: () => {
        draining = true;
      },
      stop: () => service.close(),
    };
  } catch (error) {
    await service.close();
    throw error;
  }
};

const listening = <T>(variable: string, at: { host: string; port: number }, listen: () => Promise<T>): Promise<T> =>
  startStep(
    `${variable} ${at.port} at HOST ${at.host} cannot be listened on`,
    'Stop what uses it, or choose another.',
    listen,
  );

/** What a task does unasked. Neither may keep the process alive, overlap itself, or end it. */
const startTimers = ({ pipeline, state: { tables }, log }: Opened): (() => Promise<void>) => {
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
  const timers = [
    every(RESUME_MS, 'resume', () => pipeline.resume(false)),
    every(SWEEP_MS, 'sweep', () => tables.sweep()),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(running);
  };
};
