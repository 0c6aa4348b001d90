/** Redis is killed, hangs and comes back: limits hold all the same, and answers are only slower. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWith } from '../servers/programs.ts';
import { startRedis } from '../servers/redis.ts';
import type { TestServer } from '../servers/server.ts';
import { startWatched, type Watched } from './watched.ts';
import { type Answer, at, type Caller, send, toolErrorOf } from './wire.ts';

const limits = { LOOP_CALLS: '3', BUDGET_CALLS_PER_HOUR: '12', RATE_LIMIT_PER_MINUTE: '40' };

await describeWith(['redis-server'], 'While Redis is away', () => {
  let redis: TestServer;
  let watched: Watched;

  beforeAll(async () => {
    redis = await startRedis();
    watched = await startWatched({ environment: { REDIS_URL: redis.url, ...limits }, still: true });
  }, 120_000);
  afterAll(async () => {
    await watched?.service.stop();
    await redis?.stop();
  });

  const health = async (): Promise<unknown> => {
    // Probes are answered from memory for a second.
    watched.service.advance(2);
    return (await send(watched.service.url, '/health', { method: 'GET' })).json;
  };
  const back = async (): Promise<void> => {
    for (const until = Date.now() + 10_000; Date.now() < until; await sleep(50))
      if (at(await health(), 'stores', 'ephemeral') === 'ok') return;
    throw new Error('Redis is not used again');
  };
  const read = (caller: Caller, limit: number): Promise<Answer> =>
    caller.tool('find_untagged_resources', { resource_types: ['opensearch:domain'], regions: ['us-west-2'], limit });
  const codes = async (calls: readonly Promise<Answer>[]): Promise<unknown[]> =>
    (await Promise.all(calls)).map((answer) => toolErrorOf(answer)?.code ?? answer.status);

  /** Counts of all limits together, from a client that was not here before. */
  const expectLimitsHold = async (): Promise<void> => {
    const looping = (await watched.connect('vera')).caller;
    const same = [read(looping, 7), read(looping, 7), read(looping, 7), read(looping, 7)];
    expect((await codes(same)).toSorted()).toEqual([200, 200, 200, 'loop_detected']);

    const spending = (await watched.connect('vera')).caller;
    const different = Array.from({ length: 14 }, (_, n) => read(spending, n + 1));
    expect((await codes(different)).filter((code) => code === 'budget_exhausted')).toHaveLength(2);

    const hurrying = (await watched.connect('vera')).caller;
    const many = await Promise.all(Array.from({ length: 42 }, () => hurrying.rest('GET', '/mcp/tools/list')));
    const refused = many.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    for (const { headers, json } of refused) {
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(at(json, 'error')).toMatchObject({
        code: 'rate_limited',
        message: expect.stringContaining('40 requests'),
      });
    }
  };

  it('every limit holds with it', async () => {
    expect(at(await health(), 'stores', 'ephemeral')).toBe('ok');
    await expectLimitsHold();
  });

  it('the service is ready, says that it is degraded, and holds every limit by itself', async () => {
    await redis.halt();
    await expectLimitsHold();
    expect(await health()).toMatchObject({ status: 'degraded', stores: { ephemeral: 'degraded', tables: 'ok' } });
    expect((await send(watched.service.url, '/ready', { method: 'GET' })).status).toBe(200);
    await redis.resume();
    await back();
    await expectLimitsHold();
    const told = watched.service.log
      .filter((line) => /Redis is (away|back)/.test(line))
      .map((line) => JSON.parse(line).msg);
    expect(told).toEqual([expect.stringMatching(/^Redis is away/), 'Redis is back']);
  });

  it('a Redis that hangs delays few answers and makes none wrong', async () => {
    const { caller } = await watched.connect('ana');
    expect(await codes([read(caller, 1), read(caller, 1)])).toEqual([200, 200]);
    redis.freeze();
    // Far below what a client would wait for a Redis that never answers, and far above what a busy machine takes.
    const started = performance.now();
    expect(await codes([read(caller, 1), read(caller, 2)])).toEqual([200, 200]);
    expect(performance.now() - started).toBeLessThan(8000);
    redis.thaw();
    await back();
    // What was counted before it hung is counted still; Redis may also have carried out what came while it hung.
    expect(await codes([read(caller, 1), read(caller, 1)])).toContain('loop_detected');
  });
});
