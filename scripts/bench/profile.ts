/**
 * Where the time of a call goes: `npm run bench:profile -- --store postgres`. Runs the service from source under the
 * same load with V8's profiler on, and sums the time that functions themselves took by the part they belong to.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Browser } from '../../service/test/rigs/browser.ts';
import { OAuthClient } from '../../service/test/rigs/oauth-client.ts';
import { startPostgres } from '../../service/test/servers/postgres.ts';
import { freePort } from '../../service/test/servers/server.ts';
import { eras } from './call.ts';
import { load, unlimited } from './process.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '8' }, store: { type: 'string', default: 'postgres' } },
});
const { store } = values;
const seconds = Number(values.seconds);
const connections = 50;
const root = resolve(import.meta.dirname, '../..');

const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
type Frame = z.infer<typeof Profile>['nodes'][number]['callFrame'];

/** The package, the folder of the service, or the part of Node. */
const partOf = ({ functionName, url }: Frame): string => {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)') return 'idle';
  if (url === '') return 'native code';
  if (url.startsWith('node:')) return `Node: ${url.replace(/^node:(internal\/)?([^/]+).*$/, '$2')}`;
  if (url.startsWith('wasm:')) return 'PostgreSQL in WebAssembly';
  const file = relative(root, url.startsWith('file:') ? fileURLToPath(url) : url);
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file) ?? [];
  return name ?? file.split('/').slice(0, 3).join('/');
};

const sum = (profile: z.infer<typeof Profile>, nameOf: (frame: Frame) => string): [string, number][] => {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const sums = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined) continue;
    const name = nameOf(frame);
    sums.set(name, (sums.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  return [...sums].sort(([, a], [, b]) => b - a);
};

/** Until it is so, looking ten times a second. */
const until = async (so: () => Promise<boolean>): Promise<void> => {
  while (!(await so().catch(() => false))) await sleep(100);
};

const folder = await mkdtemp(join(tmpdir(), 'countersign-profile-'));
const file = join(folder, 'service.cpuprofile');
const port = await freePort();
const url = `http://localhost:${port}`;
const postgres = store === 'postgres' ? await startPostgres() : undefined;
const state = postgres
  ? { DATABASE_URL: postgres.url, ENCRYPTION_KEY: 'p'.repeat(32) }
  : { DATA_DIR: join(folder, 'data') };
const service = spawn(
  'taskset',
  ['-c', '0', process.execPath, '--import', join(import.meta.dirname, 'profiler.ts'), 'service/src/start/server.ts'],
  {
    cwd: root,
    env: { ...unlimited, ...state, STORE: store, PATH: process.env.PATH, PORT: String(port), PROFILE_FILE: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const exited = once(service, 'exit');
await until(async () => (await fetch(`${url}/ready`)).ok);
const client = await OAuthClient.registered(url);
const { access_token: token } = await client.connect(new Browser(), 'ana');
const [era] = eras;
if (era === undefined || service.pid === undefined) throw new Error('there is nothing to profile');
const request = { url: `${url}/mcp`, headers: { ...era.headers, authorization: `Bearer ${token}` }, body: era.body };
await load(service.pid, request, { seconds: 2, connections });
service.kill('SIGUSR2');
const { cpu } = await load(service.pid, request, { seconds, connections });
service.kill('SIGUSR2');
await until(async () => (await stat(file)).size > 0);
await sleep(500);
service.kill('SIGTERM');
await exited;
await postgres?.stop();

const profile = Profile.parse(JSON.parse(await readFile(file, 'utf8')));
await rm(folder, { recursive: true });
// The profiler's own stop is in the profile.
const unrelated = (name: string): boolean => name === 'idle' || name === 'Node: inspector';
const busy = sum(profile, partOf).filter(([name]) => !unrelated(name));
const total = busy.reduce((all, [, time]) => all + time, 0);
const line = ([name, time]: readonly [string, number]): string =>
  `${((time / total) * 100).toFixed(1).padStart(6)} % ${((time / total) * cpu).toFixed(0).padStart(5)} µs  ${name}\n`;
stdout.write(`${store}: ${cpu.toFixed(0)} µs of processor time a call\n\n`);
for (const part of busy.slice(0, 25)) stdout.write(line(part));
stdout.write('\n');
const functions = sum(profile, (frame) => `${partOf(frame)} ${frame.functionName}:${frame.lineNumber}`);
for (const one of functions.filter(([name]) => !/^(idle|Node: inspector) /.test(name)).slice(0, 40))
  stdout.write(line(one));
