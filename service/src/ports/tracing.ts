/** Spans, wherever work is done. They cost next to nothing while OTEL_EXPORTER_OTLP_ENDPOINT is unset: nobody records. */
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { CountersignError } from '../errors.ts';

/** Names, counts and ids of ours; never an argument, a token, a header or a query string. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

// A proxy: it records once a provider is registered, whenever that is.
const tracer = trace.getTracer('countersign');

/** The class of an error. Its message may quote what came from outside, so it stays out of spans. */
const errorType = (error: unknown): string => {
  if (error instanceof CountersignError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
};

/**
 * Runs `work` inside a span that is a child of the one around it, ends it with the work and marks it when the work
 * rejects. `client` is for calls to an upstream, `internal` for everything else.
 * @param work may note more once it knows it
 */
export const inSpan = <T>(
  name: string,
  attributes: SpanAttributes,
  work: (note: (more: SpanAttributes) => void) => Promise<T>,
  kind: 'internal' | 'client' = 'internal',
): Promise<T> =>
  tracer.startActiveSpan(
    name,
    { attributes, kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL },
    async (span: Span): Promise<T> => {
      try {
        return await work((more) => void span.setAttributes(more));
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', errorType(error));
        throw error;
      } finally {
        span.end();
      }
    },
  );
