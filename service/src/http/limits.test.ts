import Fastify from 'fastify';
import { routes } from '../../../contracts/routes.ts';
import { openMemoryEphemeral } from '../stores/memory/ephemeral.ts';
import { addAddressLimits } from './address-limit.ts';
import { addErrorHandler } from './errors.ts';
import { openRateLimit } from './rate-limit.ts';

const clock = { at: 0 };
const now = () => new Date(clock.at);
beforeEach(() => {
  clock.at = 0;
});

describe('the limit of a person through a client', () => {
  const open = () => {
    const limit = openRateLimit({ ephemeral: openMemoryEphemeral({ now }), perMinute: 2 });
    const app = Fastify();
    addErrorHandler(app);
    app.get('/:personId/:clientId', async (request, reply) => {
      await limit(request.params as { personId: string; clientId: string }, reply);
      return { ok: true };
    });
    return app;
  };

  it('answers 429 past it, says where the caller stands, and opens again', async () => {
    const app = open();
    const first = await app.inject('/alice/claude');
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"caller";q=2;w=60', ratelimit: '"caller";r=1;t=60' });
    await app.inject('/alice/claude');
    clock.at = 20_000;
    const third = await app.inject('/alice/claude');
    expect(third.statusCode).toBe(429);
    expect(third.headers).toMatchObject({ 'retry-after': '40', ratelimit: '"caller";r=0;t=40' });
    expect(third.json()).toMatchObject({ error: { code: 'rate_limited', details: { retry_after_seconds: 40 } } });
    clock.at = 60_000;
    expect((await app.inject('/alice/claude')).statusCode).toBe(200);
  });

  it('is each one’s own', async () => {
    const app = open();
    await app.inject('/alice/claude');
    await app.inject('/alice/claude');
    expect((await app.inject('/alice/inspector')).statusCode).toBe(200);
    expect((await app.inject('/bob/claude')).statusCode).toBe(200);
    expect((await app.inject('/alice/claude')).statusCode).toBe(429);
  });
});

describe('the limits of routes without a token', () => {
  const perAddress = 6;
  const config = { PUBLIC_URL: 'https://mcp.example.com', ADDRESS_REQUESTS_PER_SECOND: perAddress };
  const app = Fastify({ trustProxy: true });
  addErrorHandler(app);
  addAddressLimits(app, { ephemeral: openMemoryEphemeral({ now }), config, packRoutes: [] });
  app.post(routes.signInAs.path, () => ({}));
  app.get(routes.signIn.path, () => ({}));
  app.route({ method: ['GET', 'POST'], url: routes.oauth.path, handler: () => ({}) });
  app.post(routes.mcp.path, () => ({}));

  const ask = (method: 'GET' | 'POST', url: string, address: string, cookie = '') =>
    app.inject({ method, url, headers: { 'x-forwarded-for': address, ...(cookie && { cookie }) } });
  const statuses = async (method: 'GET' | 'POST', url: string, from: (at: number) => string, times: number) => {
    const seen: number[] = [];
    for (let at = 0; at < times; at++) seen.push((await ask(method, url, from(at))).statusCode);
    return { passed: seen.filter((s) => s === 200).length, refused: seen.filter((s) => s === 429).length };
  };
  const limit = perAddress * 10;

  it('hold an address to the setting for each route, and say how long to wait and which setting it is', async () => {
    expect(await statuses('POST', '/sign-in', () => '10.0.0.1', limit + 3)).toEqual({ passed: limit, refused: 3 });
    const refused = await ask('POST', '/sign-in', '10.0.0.1');
    expect(refused.headers['retry-after']).toBe('10');
    expect(refused.json().error.message).toMatch(/wait 10 s.*ADDRESS_REQUESTS_PER_SECOND/);
    expect(await statuses('POST', '/sign-in', () => '10.0.0.2', 1)).toEqual({ passed: 1, refused: 0 });
    expect(await statuses('GET', '/sign-in', () => '10.0.0.1', 1)).toEqual({ passed: 1, refused: 0 });
    clock.at = 10_000;
    expect(await statuses('POST', '/sign-in', () => '10.0.0.1', 1)).toEqual({ passed: 1, refused: 0 });
  });

  it('take all addresses of an IPv6 /64 for one, and an IPv4 address for the same in both spellings', async () => {
    const inOne = (at: number) => `2001:db8:0:1::${at.toString(16)}`;
    expect(await statuses('GET', '/sign-in', inOne, limit + 3)).toEqual({ passed: limit, refused: 3 });
    const spelled = (at: number) => (at % 2 ? '10.0.0.9' : '::ffff:10.0.0.9');
    expect(await statuses('GET', '/sign-in', spelled, limit + 3)).toEqual({ passed: limit, refused: 3 });
  });

  it('hold a browser to the contract’s rate, wherever it asks from', async () => {
    const most = routes.signInAs.rate * 10;
    const cookie = '__Host-countersign-visitor=one';
    for (let at = 0; at < most; at++)
      expect((await ask('POST', '/sign-in', `10.1.${at % 3}.1`, cookie)).statusCode).toBe(200);
    const refused = await ask('POST', '/sign-in', '10.1.9.1', cookie);
    expect([refused.statusCode, refused.json().error.message]).toEqual([429, expect.stringContaining('this browser')]);
    expect((await ask('POST', '/sign-in', '10.1.9.1', '__Host-countersign-visitor=two')).statusCode).toBe(200);
  });

  it('cover every method of a route for any, and answer as OAuth does there', async () => {
    await statuses('GET', '/oauth/token', () => '10.0.0.3', limit);
    const refused = await ask('POST', '/oauth/other', '10.0.0.3');
    expect([refused.statusCode, refused.json().error]).toEqual([429, 'temporarily_unavailable']);
  });

  it('leave calls with a token to the limit of their caller', async () => {
    expect(await statuses('POST', '/mcp', () => '10.0.0.4', limit + 1)).toMatchObject({ refused: 0 });
  });
});
