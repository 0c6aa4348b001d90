/** Where traces and metrics go. */
import { choice, url, type VariableContract } from '../variable.ts';

export const telemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: url({
    description: 'Where OpenTelemetry traces are sent. Without it none are made.',
    example: 'http://localhost:4318',
  }),
  METRICS_FORMAT: choice({
    description:
      'emf writes CloudWatch embedded metric format to standard output; none leaves only the Prometheus endpoint.',
    values: ['none', 'emf'],
    default: 'none',
  }),
} as const satisfies Record<string, VariableContract>;
