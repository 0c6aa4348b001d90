/** What `docker build` would do, step by step without Docker: its inputs, its build, and its image's process. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../service/src/config.ts';
import { freePort } from '../service/test/servers/server.ts';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);
const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8');

type Instruction = readonly [name: string, rest: string];

/** The instructions of each stage, continuation lines joined and comments gone. */
const stagesOf = (dockerfile: string): Instruction[][] => {
  const lines = dockerfile
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push([name, rest]);
  }
  return stages;
};

const find = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter(([instruction]) => instruction === name).map(([, rest]) => rest);

describe('the image', () => {
  let build: Instruction[];
  let image: Instruction[];
  let folder: string;
  let app: string;
  beforeAll(async () => {
    const [first = [], last = []] = stagesOf(await read('Dockerfile'));
    [build, image] = [first, last];
    // World-readable on the way, for the service runs as somebody else.
    folder = await mkdtemp(join(tmpdir(), 'countersign-image-'));
    await chmod(folder, 0o755);
    const source = join(folder, 'src');
    await mkdir(source);
    for (const copy of find(build, 'COPY')) {
      const paths = copy.split(' ');
      const target = paths.pop() ?? '.';
      for (const path of paths)
        await cp(join(root, path), target.endsWith('/') ? join(source, path) : join(source, target), {
          recursive: true,
        });
    }
    await symlink(join(root, 'node_modules'), join(source, 'node_modules'));
    const [, compile = ''] = find(build, 'RUN');
    const [command = '', ...args] = compile.split(' && ')[0]?.split(' ') ?? [];
    expect(command).toBe('node');
    await run(process.execPath, args, { cwd: source });
    app = join(folder, 'app');
    await cp(join(source, 'dist'), app, { recursive: true });
    await rm(source, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is built on Node 24 in two stages, from the lock, and takes over the bundle only', () => {
    expect([...find(build, 'FROM'), ...find(image, 'FROM')]).toEqual(['node:24-slim AS build', 'node:24-slim']);
    expect(find(build, 'RUN')[0]).toMatch(/^npm ci /);
    expect(find(image, 'COPY').every((copy) => copy.startsWith('--from=build '))).toBe(true);
    expect(find(image, 'RUN')).toEqual([]);
    // The one thing fetched: the authorities that the platform's DATABASE_CA_FILE names.
    expect(find(image, 'ADD')).toEqual([
      '--chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem ./rds-global-bundle.pem',
    ]);
  });

  it('runs as nobody special, stops on SIGTERM, declares its volume, port and labels, and holds no secret', () => {
    expect(find(image, 'USER')).toEqual(['1000:1000']);
    expect(find(image, 'STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(find(image, 'VOLUME')).toEqual(['/data']);
    expect(find(image, 'EXPOSE')).toEqual(['3000']);
    for (const label of ['title', 'description', 'licenses', 'version', 'revision'])
      expect(find(image, 'LABEL').join()).toContain(`org.opencontainers.image.${label}=`);
    expect(`${find(image, 'ENV')}${find(image, 'ARG')}`).not.toMatch(/KEY|SECRET|TOKEN|PASSWORD|DATABASE_URL/);
  });

  it('leaves out of the build context all that is not copied', async () => {
    const ignore = (await read('.dockerignore')).split('\n').filter((line) => line !== '');
    expect(ignore[0]).toBe('*');
    const sources = find(build, 'COPY').flatMap((copy) => copy.split(' ').slice(0, -1));
    expect(ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1))).toEqual(sources);
  });

  it('carries what the bundle reads, its source maps, and no package folder', async () => {
    const files = await readdir(app);
    for (const file of ['server.js', 'server.js.map', 'pglite.wasm', 'pglite.data', 'initdb.wasm', 'countersign.css'])
      expect(files).toContain(file);
    expect(files).not.toContain('node_modules');
  });

  const start = (environment: Record<string, string>): { child: ChildProcess; output: () => string } => {
    let output = '';
    // Nobody writes outside DATA_DIR: not to the bundle, to a temporary folder or to a home.
    const env = { TMPDIR: '/nonexistent', HOME: '/nonexistent', ...environment };
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const child = spawn(process.execPath, ['server.js'], { cwd: app, env, ...nobody });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    return { child, output: () => output };
  };

  /** The HEALTHCHECK as the engine runs it: its exit code. */
  const probe = async (port: string): Promise<number> => {
    const [, command = '[]'] = /CMD (\[.*\])$/.exec(find(image, 'HEALTHCHECK')[0] ?? '') ?? [];
    const [, ...args] = z.array(z.string()).parse(JSON.parse(command));
    return run(process.execPath, args, { env: { PORT: port } }).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  };

  it('starts on the bundle alone, is healthy, writes to its volume only and drains on SIGTERM', async () => {
    const data = join(folder, 'data');
    await mkdir(data, { mode: 0o777 });
    await chmod(data, 0o777);
    const before = await snapshot(app);
    const port = String(await freePort());
    expect(await probe(port)).toBe(1);
    const { child, output } = start({ NODE_ENV: 'production', PORT: port, DATA_DIR: data });
    const exited = once(child, 'exit');
    for (const deadline = Date.now() + 40_000; Date.now() < deadline; await sleep(100))
      if ((await probe(port)) === 0) break;
    // Alive as soon as it listens; what it is made of it says once everything is open.
    const look = () =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        (response) => response.json(),
        () => output(),
      );
    let health = await look();
    for (
      const deadline = Date.now() + 40_000;
      Date.now() < deadline && health.status !== 'healthy';
      health = await look()
    )
      await sleep(100);
    expect(health).toMatchObject({ status: 'healthy', stores: { tables: 'ok' } });
    const style = await fetch(`http://localhost:${port}/assets/countersign.css`);
    const served = await style.text();
    // The enabled packs' own follows.
    expect(served.startsWith(await read('service/src/web/countersign.css'))).toBe(true);
    expect(served).toContain('.plot');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await snapshot(app)).toEqual(before);
  });

  it('refuses to start on a wrong configuration, naming the variables and no value', async () => {
    const { child, output } = start({ STORE: 'postgres', DATABASE_URL: 'hunter2', PORT: 'none' });
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(output()).toContain('PORT must be a whole number');
    expect(output()).not.toContain('hunter2');
  });
});

/** Every file with its size and time, to see that none was written. */
const snapshot = async (folder: string): Promise<string[]> => {
  const files = await readdir(folder, { recursive: true });
  return Promise.all(files.sort().map(async (file) => `${file} ${(await stat(join(folder, file))).mtimeMs}`));
};

describe('compose.yaml', () => {
  const Compose = z.looseObject({
    services: z.record(
      z.string(),
      z.looseObject({
        image: z.string().optional(),
        read_only: z.boolean().optional(),
        ports: z.array(z.string()).default([]),
        environment: z.record(z.string(), z.string()).default({}),
        volumes: z.array(z.string()).default([]),
        stop_grace_period: z.string().optional(),
      }),
    ),
  });
  const load = async () => Compose.parse(parse(await read('compose.yaml'))).services;

  it('configures the service so that it starts, on a read-only root', async () => {
    const { service } = await load();
    const variables = Object.entries(service?.environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]);
    const config = parseConfig(Object.fromEntries(variables));
    expect(config).toMatchObject({ STORE: 'postgres', HOST: '0.0.0.0', METRICS_PORT: 9464 });
    expect(config.REDIS_URL).toBeDefined();
    expect(service?.read_only).toBe(true);
    expect(Number.parseInt(service?.stop_grace_period ?? '', 10)).toBeGreaterThan(config.SHUTDOWN_GRACE_SECONDS);
    expect(await read('docs/compose/prometheus.yml')).toContain(`service:${config.METRICS_PORT}`);
  });

  it('reaches from this machine only, pins every image and mounts files that exist', async () => {
    const services = Object.values(await load());
    expect(services).toHaveLength(5);
    for (const { image, ports, volumes } of services) {
      expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
      expect(image ?? 'built:here').toMatch(/:(?!latest).+/);
      for (const [source = ''] of volumes.map((volume) => volume.split(':')))
        if (source.startsWith('./')) await expect(stat(join(root, source))).resolves.toBeDefined();
    }
  });

  it('shows Prometheus at 9091, which the startup’s guidelines name', async () => {
    expect((await load()).prometheus?.ports).toEqual(['127.0.0.1:9091:9090']);
  });

  it('gives Grafana a data source that the dashboard names', async () => {
    const provisioning = 'docs/compose/grafana/provisioning';
    expect(await read(`${provisioning}/datasources/prometheus.yml`)).toContain('uid: prometheus');
    expect(await read(`${provisioning}/dashboards/countersign.yml`)).toContain('path: /etc/grafana/dashboards');
    expect(await read('docs/compose/grafana/dashboards/countersign.json')).toContain('"uid": "prometheus"');
  });
});
