/** Traces over OTLP/HTTP. Sampling and headers follow the standard variables OTEL_TRACES_SAMPLER and OTEL_EXPORTER_OTLP_HEADERS. */
import { context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { version } from '../version.ts';

export interface OtlpParts {
  /** Base URL; spans go to its /v1/traces. */
  readonly endpoint: string;
  readonly environment: string;
}

// A collector that is away must not hold up the end of the process.
const exportMilliseconds = 3000;

/** Registers a provider for the whole process; spans of tracing.ts and http/tracing.ts are recorded from then on. */
export const exportTraces = ({ endpoint, environment }: OtlpParts): { close(): Promise<void> } => {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportMilliseconds,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'countersign',
      'service.version': version,
      'deployment.environment.name': environment,
    }),
    spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: exportMilliseconds })],
  });
  provider.register();
  return {
    close: async () => {
      // The exporter has told of its failure by then; there is nobody left to tell again.
      await provider.shutdown().catch(() => {});
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
};
