/** A whole story with everything written down that can be: none of its secrets may be in any of it. */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openEmbedded } from '../../src/stores/postgres/embedded.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient } from '../rigs/oauth-client.ts';
import { Person } from '../rigs/person.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import { startRedis } from '../servers/redis.ts';
import { freePort } from '../servers/server.ts';
import { type Eavesdropper, eavesdrop } from './eavesdropper.ts';
import { untagged } from './scene.ts';
import { dump } from './watched.ts';
import { at, Caller, send } from './wire.ts';

/** Given to the service; told to nobody. */
const given = {
  ENCRYPTION_KEY: 'encryption-key-that-nobody-may-read-anywhere',
  password: 'database-password-that-nobody-may-read',
  redis: 'redis-password-that-nobody-may-read',
};

/** Whatever traces are sent to. */
const startCollector = async () => {
  const received: string[] = [];
  const server: Server = createServer(async (request, response) => {
    received.push((await buffer(request)).toString('latin1'));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, server };
};

/** Connecting, refusals of every kind, stepping up, approving on the page and by tool, undoing, revoking. */
const tellStory = async (url: string): Promise<void> => {
  const oauth = await OAuthClient.registered(url);
  const browser = new Browser();
  const code = await oauth.code(browser, 'ana');
  const { json } = await oauth.redeem(code);
  const token = String(json.access_token);
  const reader = new Caller(url, token);
  await Promise.all([
    reader.rpc('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    }),
    reader.tool('check_tag_compliance', {}),
    reader.tool('bulk_tag_resources', {}),
    reader.execute('no_such_tool'),
    reader.rest('POST', '/mcp/execute-tool', `{"tool":"x","params":{"access_token":"${token}"`),
    send(url, `/mcp?access_token=${token}`, { method: 'GET' }),
    send(url, '/mcp/tools/list', { method: 'GET', headers: { authorization: `Basic ${btoa(`x:${token}`)}` } }),
    send(url, '/mcp/tools/list', {
      method: 'GET',
      headers: { authorization: `Bearer ${token}x`, cookie: `t=${token}` },
    }),
    send(url, `/nowhere/${token}?code=${code}`, { method: 'GET' }),
    send(url, `/%?code=${code}`, { method: 'GET' }),
    send(url, '/oauth/token', {
      headers: { 'content-type': 'application/json' },
      body: { code, client_secret: token },
    }),
  ]);
  // Used twice, which ends the grant; and one that is refreshed twice.
  await oauth.redeem(code);
  const second = await oauth.connect(browser, 'ana');
  await oauth.refresh(second.refresh_token);
  await oauth.refresh(`${second.refresh_token}x`);

  const elevated = await oauth.connect(browser, 'ana', 'tag:write');
  const ana = new Caller(url, elevated.access_token);
  const ask = async (place: number, owner: string) => {
    const args = { resource_arns: untagged.slice(place, place + 2), tags: { Owner: owner } };
    return at((await ana.execute('bulk_tag_resources', args)).json, 'result', 'request_id');
  };
  const [one, two] = [await ask(0, 'page@example.com'), await ask(2, 'tool@example.com')];
  const ben = new Person('ben');
  await ben.answer(`${url}/approvals/${one}`, 'approve', 'Fine');
  for (const path of ['/', '/approvals', '/operations', '/compliance', `/operations/${one}`, '/nowhere'])
    await ben.open(url + path);
  const approver = await (await OAuthClient.registered(url)).connect(new Browser(), 'ben', 'tag:approve');
  const agent = new Caller(url, approver.access_token);
  await agent.tool('approve_bulk_tagging_request', await agent.approval(two));
  await ana.tool('rollback_operation', { operation_id: two });
  await ana.tool('get_audit_log', { operation_id: two });
  await oauth.revoke(elevated.access_token);
  await ana.tool('get_tagging_policy');
};

interface Written {
  readonly [where: string]: string;
}

/** Each secret, as it is and as addresses and JSON spell it, in each place. */
const leaks = (written: Written, secrets: ReadonlyMap<string, string>): string[] =>
  Object.entries(written).flatMap(([where, text]) =>
    [...secrets].flatMap(([secret, kind]) =>
      [secret, encodeURIComponent(secret), btoa(`x:${secret}`)].some((spelled) => text.includes(spelled))
        ? [`${kind} in ${where}`]
        : [],
    ),
  );

const filesUnder = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
};

interface Place {
  readonly environment: Readonly<Record<string, string>>;
  readonly dataDir?: string;
  tables(): Promise<TableEngine>;
  /** What else holds something of it. */
  files(): Promise<Written>;
  stop(): Promise<void>;
}

const embedded = async (): Promise<Place> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-secrets-'));
  return {
    environment: {},
    dataDir,
    tables: () => openEmbedded({ dataDir }),
    files: async () => ({ files: await filesUnder(dataDir) }),
    stop: () => rm(dataDir, { recursive: true }),
  };
};

const servers = async (): Promise<Place> => {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const url = postgres.url.replace('countersign@', `countersign:${given.password}@`);
  return {
    // This Redis wants no password, and says so with the command that brought one.
    environment: { STORE: 'postgres', DATABASE_URL: url, REDIS_URL: redis.url.replace('//', `//:${given.redis}@`) },
    tables: () => openPostgres({ url }),
    files: async () => ({}),
    stop: async () => {
      await redis.stop();
      await postgres.stop();
    },
  };
};

/** @param more what else it writes, beside the log, metrics, spans and rows */
const describePlace = (name: string, open: () => Promise<Place>, more: readonly string[]): void =>
  describe(`No secret is written to ${name}`, () => {
    let place: Place;
    let service: SpawnedService;
    let ear: Eavesdropper;
    let written: Written;
    let secrets: Map<string, string>;

    beforeAll(async () => {
      const [collector, metricsPort] = [await startCollector(), await freePort()];
      place = await open();
      service = await spawnService({
        ...(place.dataDir === undefined ? {} : { dataDir: place.dataDir }),
        environment: {
          ...place.environment,
          ENCRYPTION_KEY: given.ENCRYPTION_KEY,
          LOG_LEVEL: 'trace',
          METRICS_PORT: String(metricsPort),
          METRICS_FORMAT: 'emf',
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        },
      });
      ear = eavesdrop();
      await tellStory(service.url);
      ear.stop();
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      expect(await service.terminate()).toBe(0);
      const tables = await place.tables();
      const rows = await dump(tables);
      await tables.close();
      collector.server.close();
      const spans = collector.received.join('\n');
      written = { log: service.output(), metrics, spans, rows, ...(await place.files()) };
      secrets = new Map([...ear.secrets, ...Object.entries(given).map(([kind, value]) => [value, kind] as const)]);
    }, 120_000);
    afterAll(async () => {
      ear?.stop();
      await service?.stop();
      await place?.stop();
    });

    it('although all kinds of them passed, and all was written down', () => {
      const kinds = [...secrets.values()];
      for (const kind of ['access_token', 'refresh_token', 'code', 'code_verifier', 'csrf', 'cookie countersign'])
        expect(kinds).toContain(kind);
      expect(kinds.filter((kind) => kind.startsWith('cookie _')).length).toBeGreaterThan(2);
      expect(written.log).toMatch(/"route":"\/mcp"/);
      expect(written.log).toContain('"CloudWatchMetrics"');
      expect(written.metrics).toContain('countersign_tool_calls_total');
      expect(written.spans).toContain('tools/call bulk_tag_resources');
      expect(written.rows).toMatch(/audit-logs .*"ana"/);
      for (const text of Object.values(written)) expect(text.length).toBeGreaterThan(1000);
    });

    it.each(['log', 'metrics', 'spans', 'rows', ...more])('in its %s', (where) => {
      const own = new Map([...secrets].filter(([, kind]) => where === 'log' || where === 'spans' || kind !== 'csrf'));
      expect(leaks({ [where]: written[where] ?? '' }, own)).toEqual([]);
    });

    it('not even as what a log line makes of a secret', () => {
      // What is redacted leaves a mark; whole addresses with parameters are never written at all.
      expect(written.log).not.toMatch(/[?&](code|access_token|state)=[^[]/);
      expect(written.spans).not.toMatch(/access_token=|[?&]code=/);
    });
  });

describePlace('a folder', embedded, ['files']);
await describeWith(['initdb', 'postgres', 'redis-server'], 'With servers', () =>
  describePlace('PostgreSQL', servers, []),
);
