/** Starts the whole service in this process: stores, application, listener, timers. */
import type { Logger } from 'pino';
import { type AssembleParts, assemble, type Service } from './assemble.ts';
import type { Config } from './config.ts';
import { openMetricsServer } from './http/metrics-server.ts';
import { openTagging } from './open-tagging.ts';
import { startStep } from './start-error.ts';
import { openState, type State } from './state.ts';
import { openLogger } from './telemetry/logger.ts';
import { openMetrics } from './telemetry/metrics.ts';
import { openTracing } from './telemetry/tracing.ts';

/** A started service. */
export interface Running extends Pick<Service, 'app' | 'pipeline' | 'audit' | 'catalogue'> {
  readonly log: Logger;
  /** Makes /ready answer 503 from now on. */
  drain(): void;
  /** Ends timers and listeners, lets running requests finish, closes the stores. */
  stop(): Promise<void>;
}

type Overrides = Partial<Pick<AssembleParts, 'log' | 'now' | 'surface' | 'fetch' | 'openPack'>>;

const RESUME_MS = 60_000;
const SWEEP_MS = 600_000;

/** @throws when a store, the packs or the listener cannot be opened; nothing stays open */
export const start = async (config: Config, overrides: Overrides = {}): Promise<Running> => {
  const { log = openLogger(config), now = () => new Date(), openPack = openTagging } = overrides;
  let draining = false;
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const tracing = await openTracing(config);
    closers.unshift(() => tracing.close());
    const metrics = openMetrics({ format: config.METRICS_FORMAT });
    closers.unshift(() => metrics.close());
    const state = await openState(config, log, now);
    closers.unshift(
      () => state.ephemeral.close(),
      () => state.tables.close(),
    );
    const service = await assemble({
      ...overrides,
      config,
      state,
      metrics,
      log,
      now,
      openPack,
      draining: () => draining,
    });
    closers.unshift(() => service.app.close());
    await service.pipeline.resume(true);
    closers.unshift(startTimers(service, state, log));
    if (config.METRICS_PORT !== 0) {
      const at = { host: config.HOST, port: config.METRICS_PORT };
      const { close } = await listening('METRICS_PORT', at, () =>
        openMetricsServer({ ...at, prometheus: metrics.prometheus }),
      );
      closers.unshift(close);
    }
    const at = { host: config.HOST, port: config.PORT };
    await listening('PORT', at, () => service.app.listen(at));
    log.info({ url: config.PUBLIC_URL, store: config.STORE, tools: service.catalogue.list.length }, 'listening');
    return {
      ...service,
      log,
      drain: () => {
        draining = true;
      },
      stop: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
};

const listening = <T>(variable: string, at: { host: string; port: number }, listen: () => Promise<T>): Promise<T> =>
  startStep(
    `${variable} ${at.port} at HOST ${at.host} cannot be listened on`,
    'Stop what uses it, or choose another.',
    listen,
  );

/** Closes all of them, also after one that fails. @throws the first failure */
const closeAll = async (closers: readonly (() => Promise<void> | void)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const close of closers)
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
};

/** What a task does unasked. Neither may keep the process alive, overlap itself, or end it. */
const startTimers = ({ pipeline }: Service, { tables }: State, log: Logger): (() => Promise<void>) => {
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
