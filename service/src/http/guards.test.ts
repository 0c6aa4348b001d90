import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { addCors } from './cors.ts';
import { addErrorHandler } from './errors.ts';
import { addGuards, requestLimits } from './guards.ts';
import { addRequestIds, requestId } from './request-ids.ts';

let executed: number;
const open = (publicUrl: string, allowedOrigins: string[] = [], seconds?: number): FastifyInstance => {
  executed = 0;
  const app = Fastify({ ...requestLimits(seconds), genReqId: requestId });
  addRequestIds(app);
  addErrorHandler(app);
  addGuards(app, { publicUrl, allowedOrigins });
  addCors(app, { publicUrl });
  app.get('/health', () => ({}));
  app.all('/mcp', () => ({ executed: ++executed }));
  return app;
};

describe('Host and Origin', () => {
  const app = open('https://mcp.example.com', ['https://claude.ai']);
  const call = (headers: Record<string, string>, method: 'POST' | 'OPTIONS' = 'POST') =>
    app.inject({ method, url: '/mcp', headers: { host: 'mcp.example.com', ...headers } });

  it.each([
    ['its own', {}],
    ['its own with a port', { host: 'mcp.example.com:443' }],
    ['its own Origin', { origin: 'https://mcp.example.com' }],
    ['an allowed Origin', { origin: 'https://claude.ai' }],
  ])('%s are let in', async (_name, headers) => {
    expect((await call(headers)).statusCode).toBe(200);
  });

  it.each([
    ['a foreign Host', { host: 'evil.example' }, 'Host'],
    ['a Host that only starts like ours', { host: 'mcp.example.com.evil.example' }, 'Host'],
    ['a Host with user info', { host: 'mcp.example.com@evil.example' }, 'Host'],
    ['loopback, which is not ours here', { host: 'localhost' }, 'Host'],
    ['a foreign Origin', { origin: 'https://evil.example' }, 'Origin'],
    ['our name over http', { origin: 'http://mcp.example.com' }, 'Origin'],
    ['an opaque Origin', { origin: 'null' }, 'Origin'],
  ])('%s is refused and nothing runs', async (_name, headers, culprit) => {
    const before = executed;
    const response = await call(headers);
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({
      error: { code: 'access_denied', message: expect.stringContaining(culprit) },
    });
    expect(executed).toBe(before);
  });

  it('lets a load balancer probe by address, and only that', async () => {
    const probe = (url: string) => app.inject({ url, headers: { host: '10.0.0.7:3000' } });
    expect((await probe('/health')).statusCode).toBe(200);
    expect((await probe('/health?a=b')).statusCode).toBe(200);
    expect((await probe('/healthy')).statusCode).toBe(403);
  });

  it('takes every loopback name and port for its own on a developer machine', async () => {
    const local = open('http://localhost:3000');
    const from = (host: string, origin: string) => local.inject({ url: '/mcp', headers: { host, origin } });
    expect((await from('127.0.0.1:4567', 'http://localhost:6274')).statusCode).toBe(200);
    expect((await from('[::1]:4567', 'http://[::1]:1')).statusCode).toBe(200);
    expect((await from('rebound.example:3000', 'http://rebound.example:3000')).statusCode).toBe(403);
  });

  it('answers the preflight of an allowed Origin, without cookies, and not that of another', async () => {
    const ask = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    const allowed = await call({ origin: 'https://claude.ai', ...ask }, 'OPTIONS');
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers).toMatchObject({ 'access-control-allow-origin': 'https://claude.ai', vary: 'Origin' });
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
    expect((await call({ origin: 'https://evil.example', ...ask }, 'OPTIONS')).statusCode).toBe(403);
  });
});

describe('bodies', () => {
  const app = open('http://localhost:3000', [], 0.3);
  let port: number;
  beforeAll(async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    port = (app.server.address() as AddressInfo).port;
  });
  afterAll(() => app.close());

  const post = (body: string, type = 'application/json') =>
    fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', body, headers: { 'content-type': type } });

  it.each([
    ['ten megabytes', '"'.padEnd(10_000_000, 'a'), 'application/json', 413, 'too_large'],
    ['half a document', '{"jsonrpc":', 'application/json', 400, 'invalid_input'],
    ['nothing', '', 'application/json', 400, 'invalid_input'],
    ['another type', '<a/>', 'text/xml', 415, 'invalid_input'],
    ['a prototype', '{"__proto__":{"admin":true}}', 'application/json', 400, 'invalid_input'],
  ])('of %s are refused precisely and nothing runs', async (_name, body, type, status, code) => {
    const before = executed;
    const response = await post(body, type);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code, request_id: response.headers.get('x-request-id') } });
    expect(executed).toBe(before);
  });

  const raw = (start: string): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      const socket: Socket = connect(port, '127.0.0.1', () => socket.write(start));
      socket.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      socket.on('close', () => resolve(text)).on('error', () => {});
    });

  it('that never end are cut off with 408 and nothing runs', async () => {
    const before = executed;
    const head =
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    const answer = await raw(head);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"timeout"');
    expect(executed).toBe(before);
  });

  it('that are no HTTP at all are answered in JSON', async () => {
    const answer = await raw('GARBAGE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"invalid_input"');
  });
});
