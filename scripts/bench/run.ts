/**
 * `npm run bench`: an authenticated tools/call through the service, next to the MCP SDK as documented and to the limit
 * of Fastify itself; then how soon it starts and what it weighs; then how long fifty people wait for reads of tag governance; then how
 * long an environment takes to synthesize and to plan, how long the analyses of a million alarms, and how long a minute of
 * a thousand alerts a second until all are applied. Writes the numbers into docs/performance.md.
 *
 *   npm run bench -- --seconds 3 --rounds 1     a quick look, printed only
 *   npm run bench -- --part reads               one part: calls, reads, platform, alarms or ingest
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Browser } from '../../service/test/rigs/browser.ts';
import { OAuthClient } from '../../service/test/rigs/oauth-client.ts';
import { startPostgres } from '../../service/test/servers/postgres.ts';
import { freePort } from '../../service/test/servers/server.ts';
import { bundle } from '../build.ts';
import { measureAlarms, tellAlarms } from './alarms.ts';
import { type Era, eras } from './call.ts';
import { measureIngest, tellIngest } from './ingest.ts';
import { measurePlatform, tellPlatform } from './platform.ts';
import { load, type Measured, median, residentMegabytes, type Server, serve, unlimited } from './process.ts';
import { measureReads, pauses, type ReadsReport, tellReads } from './reads.ts';
import { type Part, parts, type Report, record, tell } from './report.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '5' },
    part: { type: 'string' },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const wanted = parts.filter((part) => values.part === undefined || part === values.part);
if (wanted.length === 0) throw new Error(`--part must be one of ${parts.join(', ')}, and not ${values.part}`);
const connections = 50;
const here = import.meta.dirname;

const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
const dist = join(folder, 'dist');
const dataDir = join(folder, 'data');
const postgres = await startPostgres();

type Store = 'embedded' | 'postgres';

/** @param issuer of an earlier start: then on its port, for a port is part of the issuer and so of every token */
const startService = async (store: Store, issuer?: string): Promise<Server> => {
  const port = issuer === undefined ? await freePort() : Number(new URL(issuer).port);
  const kept = {
    embedded: { DATA_DIR: dataDir },
    postgres: { DATABASE_URL: postgres.url, ENCRYPTION_KEY: 'b'.repeat(32) },
  };
  const env = { NODE_ENV: 'production', STORE: store, ...kept[store], ...unlimited };
  return serve({ args: [join(dist, 'server.js')], port, env, path: '/health' });
};

/** Signs in once; what comes out opens every server that is measured. */
const authorize = async ({ url }: Server) => {
  const client = await OAuthClient.registered(url);
  const { access_token: token } = await client.connect(new Browser(), 'ana');
  const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`);
  const { issuer, jwks_uri: jwksUri } = (await metadata.json()) as { issuer: string; jwks_uri: string };
  const jwks: unknown = await (await fetch(jwksUri)).json();
  return { token, issuer, known: JSON.stringify({ issuer, resource: `${issuer}/mcp`, jwks }) };
};

const request = (url: string, era: Era, token: string) => ({
  url: `${url}/mcp`,
  headers: { ...era.headers, authorization: `Bearer ${token}` },
  body: era.body,
});

/** What the tool answers, which the compared servers then answer too. @throws when the service refuses the call */
const answerOf = async ({ url }: Server, token: string): Promise<string> => {
  const [era] = eras;
  if (era === undefined) throw new Error('there is no call to measure');
  const { headers, body } = request(url, era, token);
  const response = await fetch(`${url}/mcp`, { method: 'POST', headers, body });
  const { result } = (await response.json()) as { result?: { structuredContent?: unknown } };
  if (result?.structuredContent === undefined) throw new Error(`the call was answered ${response.status}`);
  return JSON.stringify(result.structuredContent);
};

interface Contestant {
  readonly name: string;
  readonly token: string;
  start(): Promise<Server>;
}

const summary = (measured: readonly Measured[]): Measured => ({
  rate: median(measured.map(({ rate }) => rate)),
  p50: median(measured.map(({ p50 }) => p50)),
  p99: median(measured.map(({ p99 }) => p99)),
  cpu: median(measured.map(({ cpu }) => cpu)),
});

/** Rounds are taken in turn, so that a machine that slows down slows all of them. */
const compare = async (contestants: readonly Contestant[]): Promise<Report['calls']> => {
  const measured = new Map<string, Measured[]>();
  for (let round = 0; round < rounds; round++)
    for (const { name, token, start } of contestants) {
      const server = await start();
      try {
        for (const era of eras) {
          const call = request(server.url, era, token);
          await load(server.pid, call, { seconds: Math.min(3, seconds), connections });
          const key = `${name}\n${era.name}`;
          measured.set(key, [...(measured.get(key) ?? []), await load(server.pid, call, { seconds, connections })]);
        }
      } finally {
        await server.stop();
      }
    }
  return [...measured].map(([key, each]) => {
    const [name = '', era = ''] = key.split('\n');
    return { name, era, ...summary(each) };
  });
};

/** What a few people do: the memory that a service has kept since, not what it starts with, is what it needs. */
const someUse = { seconds: 3, connections: 5 };

/**
 * Over state that an earlier start has made: milliseconds from exec to /health, megabytes some seconds later, and
 * megabytes after some use.
 */
const footprint = async (
  store: Store,
  { token, issuer }: { readonly token: string; readonly issuer: string },
): Promise<Report['footprints'][number]> => {
  const starts: number[] = [];
  const megabytes: number[] = [];
  const used: number[] = [];
  for (let round = 0; round < Math.max(3, rounds); round++) {
    const started = performance.now();
    const server = await startService(store, issuer);
    starts.push(performance.now() - started);
    await sleep(3000);
    megabytes.push(await residentMegabytes(server.pid));
    for (const era of eras) await load(server.pid, request(server.url, era, token), someUse);
    used.push(await residentMegabytes(server.pid));
    await server.stop();
  }
  return {
    store,
    startMilliseconds: median(starts),
    idleMegabytes: median(megabytes),
    usedMegabytes: median(used),
  };
};

/** The service over one store, and a token it issued. Each store has keys of its own, so each needs its own token. */
const contestant = async (name: string, store: Store): Promise<Contestant & Awaited<ReturnType<typeof authorize>>> => {
  const service = await startService(store);
  try {
    const authorized = await authorize(service);
    return { name, start: () => startService(store, authorized.issuer), ...authorized };
  } finally {
    await service.stop();
  }
};

const measureCalls = async (): Promise<string> => {
  const embedded = await contestant('Countersign, embedded store', 'embedded');
  const withPostgres = await contestant('Countersign, PostgreSQL', 'postgres');
  const { known, token } = embedded;
  const service = await embedded.start();
  const answer = await answerOf(service, token);
  await service.stop();

  const compared = async (file: string, ...args: string[]): Promise<Server> => {
    const env = { NODE_ENV: 'production', BENCH_ISSUER: known, BENCH_ANSWER: answer };
    return serve({ args: [resolve(here, file), ...args], port: await freePort(), env });
  };
  const calls = await compare([
    { name: 'McpServer per request', token, start: () => compared('sdk-server.ts') },
    { name: 'McpServer per request, tokens remembered', token, start: () => compared('sdk-server.ts', 'remember') },
    embedded,
    withPostgres,
    { name: 'Fastify and the token check', token, start: () => compared('limit-server.ts') },
  ]);
  const footprints = [await footprint('embedded', embedded), await footprint('postgres', withPostgres)];
  return tell({ calls, footprints, seconds, rounds, connections });
};

const measurePeople = async (): Promise<string> => {
  const runs: ReadsReport['runs'][number][] = [];
  const [lasting, [load = Number.NaN]] = [seconds * rounds, loadavg()];
  for (const store of ['embedded', 'postgres'] as const)
    for (const pause of pauses) {
      const service = await startService(store);
      try {
        runs.push({ store, pause, ...(await measureReads(service, lasting, pause)) });
      } finally {
        await service.stop();
      }
    }
  return tellReads({ seconds: lasting, load, runs });
};

const measuring: Readonly<Record<Part, () => Promise<string>>> = {
  calls: measureCalls,
  reads: measurePeople,
  platform: async () => tellPlatform(await measurePlatform(rounds)),
  alarms: async () => tellAlarms(await measureAlarms(rounds)),
  ingest: async () => tellIngest(await measureIngest()),
};

try {
  await bundle(dist);
  for (const part of wanted) {
    const told = await measuring[part]();
    process.stdout.write(`${told}\n\n`);
    if (rounds > 1) await record(part, told);
  }
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
