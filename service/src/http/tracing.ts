/** One span an HTTP request, continuing the caller's trace. Registered only while traces are made. */
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routes } from '../../../contracts/routes.ts';

const tracer = trace.getTracer('countersign');

/** Balancers ask these every few seconds; nobody looks for their traces. */
const probes: ReadonlySet<string> = new Set([routes.health.path, routes.ready.path]);

/** Register before every other hook, so that the span covers them. */
export const addTracing = (scope: FastifyInstance): void => {
  const spans = new WeakMap<FastifyRequest, Span>();

  scope.addHook('onRequest', (request, _reply, done) => {
    const { method, id } = request;
    // The pattern and never the path: paths hold ids, query strings hold codes.
    const route = request.routeOptions.url ?? 'unmatched';
    if (probes.has(route)) return done();
    const span = tracer.startSpan(
      `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': method, 'http.route': route, 'countersign.correlation_id': id },
      },
      // W3C Trace Context: traceparent and tracestate.
      propagation.extract(context.active(), request.headers),
    );
    spans.set(request, span);
    context.with(trace.setSpan(context.active(), span), done);
  });
  scope.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
};
