import { once } from 'node:events';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { type Drainable, drain } from './drain.ts';

/** A server whose requests are answered when the test says so. */
const open = async () => {
  const pending: ServerResponse[] = [];
  const order: string[] = [];
  const server = createServer((_request, response) => void pending.push(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const running: Drainable = {
    listener: { servers: [server] },
    cutOff: () => void order.push('cut off'),
    drain: () => void order.push('draining'),
    stop: async () => {
      await new Promise((resolve) => void server.close(resolve));
      order.push('stopped');
    },
    log: pino({ level: 'silent' }),
  };
  const ask = (agent?: Agent): Promise<number | string> =>
    new Promise((resolve) => {
      request({ port, host: '127.0.0.1', agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      })
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
        .end();
    });
  const arrived = async (): Promise<ServerResponse> => {
    for (;;) {
      const response = pending.shift();
      if (response) return response;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { running, order, ask, arrived };
};

describe('drain', () => {
  it('finishes what runs, takes nothing new, then closes the stores', async () => {
    const { running, order, ask, arrived } = await open();
    const first = ask();
    const response = await arrived();
    const drained = drain(running, { SHUTDOWN_DELAY_SECONDS: 0, SHUTDOWN_GRACE_SECONDS: 10 });
    expect(order).toEqual(['draining']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ask()).toBe('ECONNREFUSED');
    response.end('done');
    expect(await first).toBe(200);
    expect(await drained).toBe(true);
    expect(order).toEqual(['draining', 'stopped']);
  });

  it('serves as before for the delay, also over new connections, and only then refuses', async () => {
    const { running, order, ask, arrived } = await open();
    const agent = new Agent({ keepAlive: true });
    const drained = drain(running, { SHUTDOWN_DELAY_SECONDS: 0.5, SHUTDOWN_GRACE_SECONDS: 10 });
    for (const through of [undefined, agent, agent]) {
      const answer = ask(through);
      const response = await arrived();
      expect(response.getHeader('connection')).toBeUndefined();
      response.end();
      expect(await answer).toBe(200);
    }
    expect(order).toEqual(['draining']);
    expect(await drained).toBe(true);
    expect(await ask(new Agent())).toBe('ECONNREFUSED');
    agent.destroy();
  });

  it('is not held up by connections that are kept alive', async () => {
    const { running, ask, arrived } = await open();
    const agent = new Agent({ keepAlive: true });
    const [idle, busy] = [ask(agent), ask(agent)];
    (await arrived()).end();
    const response = await arrived();
    await idle;
    const started = performance.now();
    const drained = drain(running, { SHUTDOWN_DELAY_SECONDS: 0, SHUTDOWN_GRACE_SECONDS: 10 });
    response.end();
    await busy;
    expect(await drained).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
    agent.destroy();
  });

  it('cuts off what outlives the grace, and says so', async () => {
    const { running, order, ask, arrived } = await open();
    const stuck = ask();
    await arrived();
    expect(await drain(running, { SHUTDOWN_DELAY_SECONDS: 0, SHUTDOWN_GRACE_SECONDS: 0.2 })).toBe(false);
    expect(await stuck).toBe('ECONNRESET');
    expect(order).toEqual(['draining', 'cut off', 'stopped']);
  });
});
