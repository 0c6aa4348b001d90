import Fastify from 'fastify';
import { openMetrics } from '../telemetry/metrics.ts';
import { addHealth, type HealthParts } from './health.ts';

const open = (parts: Partial<HealthParts> = {}) => {
  let asked = 0;
  const clock = { at: 0 };
  const metrics = openMetrics({ format: 'none' });
  const app = Fastify();
  addHealth(app, {
    version: '1.2.3',
    tools: 11,
    facts: () => ({ policy_source: 'file' }),
    stores: {
      tables: async () => {
        asked += 1;
        return 'ok';
      },
      ephemeral: async () => 'ok',
    },
    optional: ['ephemeral'],
    draining: () => false,
    metrics,
    now: () => new Date(clock.at),
    ...parts,
  });
  return { app, metrics, clock, asked: () => asked };
};

const down = () => Promise.reject(new Error('postgres://user:hunter2@db'));

describe('/health', () => {
  it('tells version, tools, what packs say and every store, also on the facade', async () => {
    const { app } = open();
    const expected = {
      status: 'healthy',
      version: '1.2.3',
      tools: 11,
      policy_source: 'file',
      stores: { tables: 'ok', ephemeral: 'ok' },
    };
    expect((await app.inject('/health')).json()).toEqual(expected);
    expect((await app.inject('/mcp/health')).json()).toEqual(expected);
  });

  it('names the colour of the task where there are two', async () => {
    expect((await open({ colour: 'green' }).app.inject('/health')).json()).toMatchObject({
      colour: 'green',
      version: '1.2.3',
    });
    expect((await open().app.inject('/health')).json()).not.toHaveProperty('colour');
  });

  it.each<[string, HealthParts['stores'], string, number]>([
    ['a store that is down', { tables: down }, 'unhealthy', 0],
    ['one it can do without', { tables: async () => 'ok', ephemeral: down }, 'degraded', 1],
    ['a degraded one', { tables: async () => 'degraded' }, 'degraded', 1],
  ])('answers 200 with %s, names it, and keeps the reason to itself', async (_name, stores, status, healthy) => {
    const { app, metrics } = open({ stores });
    const response = await app.inject('/health');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status });
    expect(response.body).not.toContain('hunter2');
    expect(await metrics.prometheus()).toContain(`countersign_store_healthy{store="tables"} ${healthy}`);
  });

  it('asks the stores once a second, however often it is asked', async () => {
    const { app, clock, asked } = open();
    await Promise.all([app.inject('/health'), app.inject('/health'), app.inject('/ready')]);
    expect(asked()).toBe(1);
    clock.at = 1000;
    await app.inject('/health');
    expect(asked()).toBe(2);
  });

  it('takes a store that never answers for one that is down', async () => {
    const { app } = open({ stores: { tables: () => new Promise(() => {}) } });
    expect((await app.inject('/health')).json()).toMatchObject({ stores: { tables: 'down' } });
  });
});

describe('/ready', () => {
  it('is 200 while the stores it needs are up', async () => {
    const { app } = open({ stores: { tables: async () => 'ok', ephemeral: down } });
    const response = await app.inject('/ready');
    expect([response.statusCode, response.json()]).toEqual([200, { ready: true, reasons: [] }]);
  });

  it('is 503 with the reasons while a store is down or the service drains', async () => {
    const { app } = open({ stores: { tables: down }, draining: () => true });
    const response = await app.inject('/ready');
    expect([response.statusCode, response.json()]).toEqual([
      503,
      { ready: false, reasons: ['draining', 'store tables is down'] },
    ]);
  });
});
