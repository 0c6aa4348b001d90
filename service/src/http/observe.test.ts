import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { openLogger } from '../telemetry/logger.ts';
import { openMetrics } from '../telemetry/metrics.ts';
import { openMetricsServer } from './metrics-server.ts';
import { addObservation } from './observe.ts';

const lines: string[] = [];
const metrics = openMetrics({ format: 'none' });
const loggerInstance: FastifyBaseLogger = openLogger(
  { LOG_LEVEL: 'info', ENVIRONMENT: 'local' },
  { write: (line) => void lines.push(line) },
);
const app = Fastify({ loggerInstance, logController: new LogController({ disableRequestLogging: true }) });
addObservation(app, { metrics });
app.get('/operations/:operationId', async (_request, reply) => reply.code(404).send());
app.get('/health', () => ({}));

it('one line and two metrics a request, by route and never by path', async () => {
  await app.inject('/operations/op-7?code=hunter2');
  await app.inject('/somewhere/else');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      level: 'info',
      route: '/operations/:operationId',
      status: 404,
      milliseconds: expect.any(Number),
      method: 'GET',
    }),
    expect.objectContaining({ route: 'unmatched', status: 404 }),
  ]);
  expect(lines.join()).not.toContain('hunter2');
  const text = await metrics.prometheus();
  expect(text).toContain('countersign_request_total{route="/operations/:operationId",status_class="4xx"} 1');
  expect(text).toContain('countersign_request_duration_milliseconds_count{route="unmatched"} 1');
});

it('no line for a probe that is well', async () => {
  lines.length = 0;
  await app.inject('/health');
  expect(lines).toEqual([]);
  expect(await metrics.prometheus()).toContain('countersign_request_total{route="/health",status_class="2xx"} 1');
});

describe('the metrics listener', () => {
  it('serves /metrics and nothing else, and closes', async () => {
    const server = await openMetricsServer({ host: '127.0.0.1', port: 0, prometheus: metrics.prometheus });
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toContain('# TYPE countersign_request_total counter');
    expect((await get('/mcp')).status).toBe(404);
    await server.close();
    await expect(get('/metrics')).rejects.toThrow();
  });

  it('says when its port is taken', async () => {
    const first = await openMetricsServer({ host: '127.0.0.1', port: 0, prometheus: metrics.prometheus });
    await expect(
      openMetricsServer({ host: '127.0.0.1', port: first.port, prometheus: metrics.prometheus }),
    ).rejects.toThrow('EADDRINUSE');
    await first.close();
  });
});
