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

describe('the limit of an address', () => {
  const app = Fastify({ trustProxy: true });
  addErrorHandler(app);
  addAddressLimits(app, { ephemeral: openMemoryEphemeral({ now }) });
  app.post(routes.signInAs.path, () => ({}));
  app.get(routes.signIn.path, () => ({}));
  app.route({ method: ['GET', 'POST'], url: routes.oauth.path, handler: () => ({}) });
  app.post(routes.mcp.path, () => ({}));

  const statuses = async (method: 'GET' | 'POST', url: string, address: string, times: number) => {
    const seen: number[] = [];
    for (let i = 0; i < times; i++)
      seen.push((await app.inject({ method, url, headers: { 'x-forwarded-for': address } })).statusCode);
    return { passed: seen.filter((s) => s === 200).length, refused: seen.filter((s) => s === 429).length };
  };

  it('is the contract’s rate of the route over ten seconds', async () => {
    const limit = routes.signInAs.rate * 10;
    expect(await statuses('POST', '/sign-in', '10.0.0.1', limit + 3)).toEqual({ passed: limit, refused: 3 });
    expect(await statuses('POST', '/sign-in', '10.0.0.2', 1)).toEqual({ passed: 1, refused: 0 });
    expect(await statuses('GET', '/sign-in', '10.0.0.1', 1)).toEqual({ passed: 1, refused: 0 });
    clock.at = 10_000;
    expect(await statuses('POST', '/sign-in', '10.0.0.1', 1)).toEqual({ passed: 1, refused: 0 });
  });

  it('covers every method of a route for any', async () => {
    const limit = routes.oauth.rate * 10;
    await statuses('GET', '/oauth/token', '10.0.0.3', limit);
    expect(await statuses('POST', '/oauth/other', '10.0.0.3', 1)).toEqual({ passed: 0, refused: 1 });
  });

  it('leaves calls with a token to the limit of their caller', async () => {
    expect(await statuses('POST', '/mcp', '10.0.0.4', routes.mcp.rate * 10 + 1)).toMatchObject({ refused: 0 });
  });
});
