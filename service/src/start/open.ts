/** Opens the whole service without listening: tracing, metrics, stores, application. */
import type { Logger } from 'pino';
import { type Close, closeAll } from '../close-all.ts';
import type { Config } from '../config.ts';
import { openLogger } from '../telemetry/logger.ts';
import { type OpenMetrics, openMetrics } from '../telemetry/metrics.ts';
import { openTracing } from '../telemetry/tracing.ts';
import { type AssembleParts, assemble, type Service } from './assemble.ts';
import { openState, type ServiceState } from './state.ts';

export interface Opened extends Service {
  readonly log: Logger;
  readonly state: ServiceState;
  readonly metrics: OpenMetrics;
  /** Adds what has to be closed before all that was opened until now. */
  onClose(close: Close): void;
  /**
   * Closes it, the latest first, also after one that fails.
   * @param until epoch milliseconds until which running requests and applies may take; default: the grace from now on
   * @throws the first failure
   */
  close(until?: number): Promise<void>;
}

export type Overrides = Partial<
  Pick<AssembleParts, 'log' | 'now' | 'surface' | 'fetch' | 'packs' | 'viaGateway' | 'streams'>
>;

/** @throws when a store or the packs cannot be opened; nothing stays open */
export const open = async (
  config: Config,
  overrides: Overrides = {},
  draining: () => boolean = () => false,
): Promise<Opened> => {
  const { log = openLogger(config), now = () => new Date() } = overrides;
  const closers: Close[] = [];
  const end: { until?: number | undefined } = {};
  try {
    const tracing = await openTracing(config);
    closers.unshift(() => tracing.close());
    const metrics = openMetrics({
      format: config.METRICS_FORMAT,
      packs: config.TOOL_PACKS,
      colour: config.DEPLOYMENT_COLOUR,
    });
    closers.unshift(() => metrics.close());
    const state = await openState(config, log, overrides.now);
    closers.unshift(
      () => state.ephemeral.close(),
      () => state.tables.close(),
    );
    const service = await assemble({ ...overrides, config, state, metrics, log, now, draining });
    closers.unshift(async () => {
      const until = end.until ?? Date.now() + config.SHUTDOWN_GRACE_SECONDS * 1000;
      await service.app.close();
      await service.jobs.stop(Math.max(0, until - Date.now()));
      await applied(service, until - Date.now(), log);
      await service.packs.close();
      await service.notices.close();
      await service.upstreams.close();
      service.objects.close();
    });
    return {
      ...service,
      log,
      state,
      metrics,
      onClose: (close) => void closers.unshift(close),
      close: (until) => {
        end.until = until;
        return closeAll(closers);
      },
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
};

/** Waits for what this task is applying. What takes longer is left to whoever resumes it, as after a crash. */
const applied = async ({ pipeline }: Service, milliseconds: number, log: Logger): Promise<void> => {
  await pipeline.idle(Math.max(0, milliseconds));
  const left = pipeline.running();
  if (left.length > 0) log.warn({ operations: left }, 'stopped while operations are applied; they will be resumed');
};
