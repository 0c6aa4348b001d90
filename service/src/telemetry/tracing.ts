/** Sets up OpenTelemetry where an endpoint is configured; elsewhere nothing of it is even loaded. */
import type { Config } from '../config.ts';

export interface Tracing {
  /** Sends what is left, for at most some seconds. */
  close(): Promise<void>;
}

export type TracingSettings = Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'ENVIRONMENT'>;

export const openTracing = async ({ OTEL_EXPORTER_OTLP_ENDPOINT, ENVIRONMENT }: TracingSettings): Promise<Tracing> => {
  if (OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return { close: async () => {} };
  const { exportTraces } = await import('./otlp.ts');
  return exportTraces({ endpoint: OTEL_EXPORTER_OTLP_ENDPOINT, environment: ENVIRONMENT });
};
