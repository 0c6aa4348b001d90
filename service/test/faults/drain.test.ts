/** A real process is told to stop while it is asked things: what runs is finished, nothing new is begun, it ends with 0. */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startBalancer } from '../rigs/balancer.ts';
import { FirstAgent, ModernAgent } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { untagged } from './scene.ts';
import { verifyAudit } from './verify-audit.ts';
import { type Connected, connect } from './watched.ts';
import { at, send } from './wire.ts';

await describeWith(['initdb', 'postgres'], 'SIGTERM', () => {
  let postgres: TestServer;
  let service: SpawnedService;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    postgres = await startPostgres();
    environment = {
      STORE: 'postgres',
      DATABASE_URL: postgres.url,
      ENCRYPTION_KEY: 'a key for this test, as long as it has to be',
      LOG_LEVEL: 'info',
    };
    service = await spawnService({ environment });
  });
  afterAll(async () => {
    await service?.stop();
    await postgres?.stop();
  });

  /** Holds up every audit record until it is let go: whatever is asked meanwhile is under way. */
  const holdUp = async (): Promise<() => Promise<void>> => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('begin');
    await client.query('lock table audit_logs in exclusive mode');
    return async () => {
      await client.query('commit');
      await client.end();
    };
  };
  const waiters = async (): Promise<number> => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query(
      "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'",
    );
    await client.end();
    return rows[0].n;
  };

  /** A connection with a request begun and not yet ended. */
  const begin = async (lines: readonly string[]): Promise<Socket> => {
    const socket = connectSocket(Number(new URL(service.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${lines.join('\r\n')}\r\n`);
    return socket;
  };

  const expectRefused = async (): Promise<void> => {
    await expect(send(service.url, '/health', { method: 'GET' })).rejects.toThrow(/ECONNREFUSED/);
  };

  it('lets a call and an approval that run come to their end, and takes nothing new', async () => {
    const [ana, ben]: Connected[] = [
      await connect(service.url, 'ana', 'tag:write'),
      await connect(service.url, 'ben', 'tag:approve'),
    ];
    const args = { resource_arns: untagged.slice(0, 3), tags: { Owner: 'drained@example.com' } };
    const asked = await ana?.caller.execute('bulk_tag_resources', args);
    const request_id = at(asked?.json, 'result', 'request_id');
    const late = await begin(['GET /ready HTTP/1.1', 'Host: localhost']);
    const half = await begin([
      'POST /mcp/execute-tool HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${ana?.tokens.access_token}`,
      'Content-Type: application/json',
      'Content-Length: 32',
      '',
      '{"tool":',
    ]);

    const decision = await ben?.caller.approval(request_id);
    const letGo = await holdUp();
    const scan = ana?.caller.execute('check_tag_compliance', { force_refresh: true });
    const approval = ben?.caller.execute('approve_bulk_tagging_request', decision);
    while ((await waiters()) === 0) await sleep(10);
    const ended = service.terminate();
    while (!service.output().includes('"stopping"')) await sleep(10);
    await sleep(50);
    await expectRefused();
    const answered = text(late);
    late.write('\r\n');
    expect(await answered).toMatch(/^HTTP\/1\.1 503 /);
    await letGo();

    expect((await scan)?.status).toBe(200);
    expect((await scan)?.headers.connection).toBe('close');
    expect(at((await approval)?.json, 'result')).toMatchObject({ status: 'executed', resources_tagged: 3 });
    const rest = text(half);
    half.write('"get_tagging_policy"} ');
    expect(await rest).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ended).toBe(0);
    expect(service.output()).toContain('"clean":true');

    await service.resume();
    const operation = await connect(service.url, 'vera').then(({ caller }) =>
      caller.execute('get_operation', { operation_id: request_id }),
    );
    expect(at(operation.json, 'result')).toMatchObject({ status: 'applied', result: { applied: 3 } });
    expect(await verifyAudit(environment)).toMatch(/are whole/);
  });

  it('cuts off what outlives the grace, ends with 1, and leaves nothing half done', async () => {
    await service.stop();
    service = await spawnService({ environment: { ...environment, SHUTDOWN_GRACE_SECONDS: '1' } });
    const { caller } = await connect(service.url, 'ana', 'tag:write');
    const letGo = await holdUp();
    const args = { resource_arns: untagged.slice(5, 7), tags: { Owner: 'cut@example.com' } };
    const cut = caller.execute('bulk_tag_resources', args).then(
      () => 'answered',
      () => 'cut off',
    );
    while ((await waiters()) === 0) await sleep(10);
    const ended = service.terminate();
    expect(await cut).toBe('cut off');
    await letGo();
    expect(await ended).toBe(1);
    expect(await verifyAudit(environment)).toMatch(/are whole/);
  });

  it('loses no call while a balancer still sends some: it serves on until that has seen /ready fail', async () => {
    const balancer = await startBalancer({ intervalMs: 200, unhealthy: 2 });
    const shared = { ...environment, PUBLIC_URL: balancer.url, SHUTDOWN_DELAY_SECONDS: '2' };
    const tasks = await Promise.all([spawnService({ environment: shared }), spawnService({ environment: shared })]);
    balancer.tasks.push(...tasks.map(({ url }) => url));
    const { caller } = await connect(balancer.url, 'vera');
    const load = { on: true, calls: 0, failures: [] as string[] };
    const agent = await FirstAgent.connect(balancer.url, new Person('vera'));
    const client = async (call: () => Promise<unknown>) => {
      while (load.on) {
        await call().catch((error: unknown) => load.failures.push(String(error)));
        load.calls += 1;
      }
    };
    const rest = async () => expect((await caller.execute('get_tagging_policy', {})).status).toBe(200);
    const clients = [client(rest), client(rest), client(rest), client(() => agent.call('get_tagging_policy'))];
    await sleep(500);
    const code = await tasks[0]?.terminate();
    const before = balancer.served[tasks[1]?.url ?? ''] ?? 0;
    await sleep(500);
    load.on = false;
    await Promise.all(clients);
    expect({ code, failures: load.failures }).toEqual({ code: 0, failures: [] });
    expect(load.calls).toBeGreaterThan(20);
    expect(balancer.served[tasks[1]?.url ?? '']).toBeGreaterThan(before);
    await agent.close();
    await balancer.stop();
    for (const task of tasks) await task.stop();
  });

  it('tells clients of both SDKs that their call was cut off, which otherwise wait a minute', async () => {
    await service.stop();
    service = await spawnService({ environment: { ...environment, SHUTDOWN_GRACE_SECONDS: '1' } });
    const agents = await Promise.all([
      FirstAgent.connect(service.url, new Person('vera')),
      ModernAgent.connect(service.url, new Person('vera')),
    ]);
    const letGo = await holdUp();
    const why = (call: Promise<unknown>): Promise<string> => call.then(() => 'answered', String);
    const cut = agents.flatMap((agent) => [
      why(agent.call('check_tag_compliance', {}, { onprogress: () => {} })),
      why(agent.call('get_tagging_policy')),
    ]);
    while ((await waiters()) === 0) await sleep(10);
    await sleep(300);
    const started = performance.now();
    const ended = service.terminate();
    for (const told of await Promise.all(cut)) expect(told).toMatch(/stopped before this request was finished/);
    // A third of that minute: a busy machine takes its time.
    expect(performance.now() - started).toBeLessThan(20_000);
    await letGo();
    expect(await ended).toBe(1);
    for (const agent of agents) await agent.close();
  });

  it('ends at once at a second signal, also while it serves on', async () => {
    await service.stop();
    service = await spawnService({ environment: { ...environment, SHUTDOWN_DELAY_SECONDS: '60' } });
    const ended = service.terminate();
    while (!service.output().includes('"stopping"')) await sleep(10);
    const ready = await fetch(`${service.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reasons: ['draining'] }]);
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
    process.kill(service.pid(), 'SIGTERM');
    expect(await ended).toBe(130);
  });
});
