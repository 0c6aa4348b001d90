import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Listener, listen } from './listener.ts';

describe('listener', () => {
  let listener: Listener;
  afterEach(async () => {
    for (const server of listener.servers) server.closeAllConnections();
    await listener.close();
  });
  const open = (host = '127.0.0.1', port = 0, keepAliveSeconds = 72) =>
    listen({ host, port, keepAliveSeconds }).then((opened) => {
      listener = opened;
      return opened;
    });

  it('answers 503 until it is given what to serve', async () => {
    const { port, serve } = await open();
    const early = await fetch(`http://127.0.0.1:${port}/health`);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await early.json()).toEqual({ ready: false, reasons: ['starting'] });
    serve((_request, response) => response.end('served'));
    expect(await (await fetch(`http://127.0.0.1:${port}/health`)).text()).toBe('served');
  });

  it('reports a port in use, and leaves nothing open', async () => {
    const { port } = await open();
    await expect(listen({ host: '127.0.0.1', port, keepAliveSeconds: 1 })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await expect(listen({ host: 'localhost', port, keepAliveSeconds: 1 })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await expect(fetch(`http://[::1]:${port}/`)).rejects.toThrow();
  });

  it('listens on every address of localhost, at one port', async () => {
    const { port, servers } = await open('localhost');
    for (const server of servers) expect(server.address()).toMatchObject({ port });
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(503);
  });

  it('tells a balancer that an idle connection ends later than the balancer would end it', async () => {
    const { servers } = await open('127.0.0.1', 0, 125);
    expect(servers.map(({ keepAliveTimeout }) => keepAliveTimeout)).toEqual([125_000]);
  });

  it('takes a request on a connection that was idle, until the keep-alive is over', async () => {
    const { port, serve } = await open('127.0.0.1', 0, 2);
    serve((request, response) => response.end(String(request.socket.remotePort)));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<string>((resolve, reject) => {
        get({ host: '127.0.0.1', port, agent }, (response) => {
          response.setEncoding('utf8').on('data', resolve);
        }).on('error', reject);
      });
    const first = await ask();
    await sleep(1500);
    expect(await ask()).toBe(first);
    agent.destroy();
  });
});
