import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { CountersignError } from '../errors.ts';
import { addTracing } from '../http/tracing.ts';
import { inSpan } from '../ports/tracing.ts';
import { openTracing } from './tracing.ts';

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
  readonly status: { code?: number; message?: string };
  readonly events: readonly unknown[];
}

/** A collector: what OTLP/HTTP posts to /v1/traces. */
const collect = async (): Promise<{ server: Server; url: string; spans: ReceivedSpan[]; bodies: string[] }> => {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer(async (incoming, response) => {
    let body = '';
    for await (const part of incoming.setEncoding('utf8')) body += part;
    bodies.push(`${incoming.url} ${body}`);
    const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[] };
    spans.push(...resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, bodies };
};

/** The body comes in a packet of its own, so the handler runs long after the hook that opened the span. */
const postSlowly = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
    sent.write('{"secret":');
    setTimeout(() => sent.end('"hunter2"}'), 50);
  });

const attributesOf = (span: ReceivedSpan | undefined) =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));

describe('traces', () => {
  it('follow a request through its tool call to the upstream, and hold no secret', async () => {
    const { server, url, spans, bodies } = await collect();
    const tracing = await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`, ENVIRONMENT: 'dev' });
    const app = Fastify({ genReqId: () => 'correlation-01' });
    addTracing(app);
    app.post('/operations/:id', () =>
      inSpan('tools/call check', { 'gen_ai.tool.name': 'check' }, async () => {
        const refused = inSpan('ec2 DescribeInstances', {}, () => fail(), 'client');
        return { ok: await refused.catch(() => false) };
      }),
    );
    const fail = async () => {
      throw new CountersignError('throttled', 'hunter2 was throttled');
    };
    app.get('/health', () => ({}));
    const address = await app.listen({ host: '127.0.0.1', port: 0 });
    const headers = {
      authorization: 'Bearer hunter2',
      'content-type': 'application/json',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    expect(await postSlowly(`${address}/operations/op-1?code=hunter2`, headers)).toBe(200);
    await fetch(`${address}/health`);
    await app.close();
    await tracing.close();
    server.close();

    const [http, tool, upstream] = ['POST /operations/:id', 'tools/call check', 'ec2 DescribeInstances'].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(spans).toHaveLength(3);
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
    expect(http).toMatchObject({ parentSpanId: 'b7ad6b7169203331', kind: 2 });
    expect(tool?.parentSpanId).toBe(http?.spanId);
    expect(upstream).toMatchObject({ parentSpanId: tool?.spanId, kind: 3, status: { code: 2 }, events: [] });
    expect(attributesOf(http)).toEqual({
      'http.request.method': 'POST',
      'http.route': '/operations/:id',
      'http.response.status_code': 200,
      'countersign.correlation_id': 'correlation-01',
    });
    expect(attributesOf(upstream)).toEqual({ 'error.type': 'throttled' });
    expect(bodies.every((body) => body.startsWith('/v1/traces '))).toBe(true);
    expect(bodies.join()).not.toContain('hunter2');
  });

  it('are not made without an endpoint, and work goes on', async () => {
    const tracing = await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: undefined, ENVIRONMENT: 'local' });
    expect(await inSpan('anything', {}, async () => 42)).toBe(42);
    await expect(inSpan('anything', {}, () => Promise.reject(new Error('told')))).rejects.toThrow('told');
    await tracing.close();
  });

  it('do not hold up the end of the process when the collector is away', async () => {
    const tracing = await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', ENVIRONMENT: 'local' });
    await inSpan('anything', {}, async () => {});
    const started = performance.now();
    await tracing.close();
    expect(performance.now() - started).toBeLessThan(6000);
  });
});
