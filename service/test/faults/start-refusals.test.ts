/** The real process refuses to start on what is missing, wrong or contradictory: it names each variable and tells no value. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/config.ts';
import { start as startHere } from '../../src/start/start.ts';
import { openLogger } from '../../src/telemetry/logger.ts';
import { type SpawnedService, spawnService } from '../rigs/service.ts';
import { bare, programFlags } from '../servers/bare.ts';
import { putNewDatabase } from '../servers/new-database.ts';
import { untagged } from './scene.ts';
import { connect } from './watched.ts';
import { at } from './wire.ts';

interface Ended {
  readonly code: number;
  readonly told: string;
}

let folder: string;
let holder: SpawnedService;
let occupied: Server;
let port: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-refused-'));
  await writeFile(join(folder, 'file'), '');
  await writeFile(join(folder, 'broken.json'), '{"version":');
  const tag = { name: 'Owner', validation_regex: '(' };
  await writeFile(join(folder, 'odd.json'), JSON.stringify({ version: '1', required_tags: [tag], extra: true }));
  // What is started after it finds the sandbox filled; it also holds its folder.
  await putNewDatabase(join(folder, 'data'));
  holder = await spawnService({ dataDir: join(folder, 'data') });
  occupied = createServer().listen(0, '127.0.0.1');
  await once(occupied, 'listening');
  const address = occupied.address();
  port = typeof address === 'object' ? String(address?.port) : '';
  await mkdir(join(folder, 'other'));
}, 120_000);
afterAll(async () => {
  await holder?.stop();
  occupied?.close();
  await rm(folder, { recursive: true });
});

/** Each pack has an upstream of its own to refuse. */
const onePack = { TOOL_PACKS: 'tagging' };

const start = (variables: Readonly<Record<string, string>>): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...bare(), PORT: '0', DATA_DIR: join(folder, 'other'), LOG_LEVEL: 'warn', ...onePack, ...variables };
    const child = execFile(
      process.execPath,
      [...programFlags, 'service/src/start/server.ts'],
      { env, timeout: 50_000 },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, told: out + err }),
    );
  });

/** The same start in this process, because a process takes a second; which errors a process tells without a stack it says itself. */
const startInProcess = async (variables: Readonly<Record<string, string>>): Promise<{ name: string; told: string }> => {
  const config = parseConfig({ PORT: '0', DATA_DIR: join(folder, 'other'), LOG_LEVEL: 'warn', ...variables });
  let logged = '';
  const log = openLogger(config, {
    write: (line: string) => {
      logged += line;
    },
  });
  try {
    await (await startHere(config, { log })).stop();
  } catch (error) {
    if (error instanceof Error) return { name: error.name, told: logged + error.message };
    throw error;
  }
  return { name: 'none', told: 'it is not refused' };
};

const secret = 'hunter2-hunter2-hunter2-hunter2-hunter2';
const prod = { ENVIRONMENT: 'prod', PUBLIC_URL: 'https://mcp.example.com', SSO_ISSUER: 'https://login.example.com' };

/** Each line after the first names one variable. */
const named = (told: string): string[] =>
  [...told.matchAll(/^ {2}([A-Z_]+) /gm)].map(([, name = '']) => name).toSorted();

describe('A configuration is refused', () => {
  const rows: readonly [string, Readonly<Record<string, string>>, readonly string[]][] = [
    [
      'that is wrong in many places at once',
      {
        ENVIRONMENT: 'Production!',
        PORT: 'http',
        METRICS_PORT: '70000',
        PUBLIC_URL: 'mcp.example.com',
        LOG_LEVEL: 'loud',
        STORE: 'sqlite',
        TOOL_PACKS: 'tagging,teleport',
        ENCRYPTION_KEY: 'too-short-a-secret',
        ROLE_MAP: '{"finops":["king"]}',
        READ_TOKEN_SECONDS: '1.5',
        ELEVATED_TOKEN_SECONDS: '86400',
        APPROVE_ON_PAGE_ONLY: 'yes',
        ESTATE_ACCOUNTS: '123',
        ESTATE_REGIONS: 'Ireland',
        REDIS_URL: secret,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
      },
      [
        'APPROVE_ON_PAGE_ONLY',
        'ELEVATED_TOKEN_SECONDS',
        'ENCRYPTION_KEY',
        'ENVIRONMENT',
        'ESTATE_ACCOUNTS',
        'ESTATE_REGIONS',
        'LOG_LEVEL',
        'METRICS_PORT',
        'OTEL_EXPORTER_OTLP_ENDPOINT',
        'PORT',
        'PUBLIC_URL',
        'READ_TOKEN_SECONDS',
        'REDIS_URL',
        'ROLE_MAP',
        'STORE',
        'TOOL_PACKS',
      ],
    ],
    ['with a database and no address or key of it', { STORE: 'postgres' }, ['DATABASE_URL', 'ENCRYPTION_KEY']],
    ['with DynamoDB and no region or key', { STORE: 'dynamodb' }, ['AWS_REGION', 'ENCRYPTION_KEY']],
    [
      'with a database address that is none',
      { STORE: 'postgres', DATABASE_URL: `${secret}:5432`, ENCRYPTION_KEY: secret },
      ['DATABASE_URL'],
    ],
    ['with a real estate and demo people', { ESTATE: 'aws', AWS_REGION: 'us-east-1' }, ['SSO_ISSUER']],
    ['with a sign-in and no client of it', { SSO_ISSUER: 'https://login.example.com' }, ['SSO_CLIENT_ID']],
    [
      'for production on the sandbox',
      { ...prod, SSO_CLIENT_ID: 'a', SSO_CLIENT_SECRET: secret },
      ['ESTATE', 'OBJECTS_BUCKET'],
    ],
    [
      'for production with nothing else',
      { ENVIRONMENT: 'prod' },
      ['ESTATE', 'OBJECTS_BUCKET', 'PUBLIC_URL', 'SSO_ISSUER'],
    ],
    [
      'for production over plain http',
      {
        ...prod,
        PUBLIC_URL: 'http://mcp.example.com',
        ESTATE: 'aws',
        AWS_REGION: 'us-east-1',
        SSO_CLIENT_ID: 'a',
        SSO_CLIENT_SECRET: secret,
      },
      ['OBJECTS_BUCKET', 'PUBLIC_URL'],
    ],
    ['with an address that has a path', { PUBLIC_URL: 'https://example.com/countersign' }, ['PUBLIC_URL']],
    ['with metrics for the public', { PORT: '3000', METRICS_PORT: '3000' }, ['METRICS_PORT']],
    ['with keys of no issuer', { AUTH_JWKS_URL: 'https://login.example.com/jwks' }, ['AUTH_JWKS_URL']],
    ['with roles that are no JSON', { ROLE_MAP: `{"${secret}"` }, ['ROLE_MAP']],
    ['with no pack at all', { TOOL_PACKS: ' , ' }, ['TOOL_PACKS']],
  ];

  const expectNamed = (told: string, variables: Readonly<Record<string, string>>, wrong: readonly string[]): void => {
    expect(told).toMatch(/^The service cannot start:\n/);
    expect(named(told)).toEqual([...wrong]);
    for (const value of [...Object.values(variables), secret]) if (value.length > 12) expect(told).not.toContain(value);
  };

  it.each(rows)('%s', (_name, variables, wrong) => {
    let told = 'it is not refused';
    try {
      parseConfig({ ...onePack, ...variables });
    } catch (error) {
      told = String(error).replace(/^ConfigError: /, '');
    }
    expectNamed(told, variables, wrong);
  });

  it.each([rows[0], rows[1], rows[7]].map((row) => row ?? ['', {}, []]))('by the process, %s', async (...row) => {
    const [, variables, wrong] = row;
    const { code, told } = await start(variables);
    expect(code).toBe(1);
    expectNamed(told, variables, wrong);
    expect(told).not.toMatch(/^ {4}at /m);
  });
});

describe('What the configuration names cannot be used', () => {
  const pattern = (text: string): RegExp => new RegExp(text.replaceAll('FOLDER', folder));

  const unusable: readonly [string, () => Readonly<Record<string, string>>, string][] = [
    [
      'a policy that is not there',
      () => ({ TAG_POLICY_FILE: join(folder, 'none.json') }),
      'TAG_POLICY_FILE FOLDER/none.json cannot be read',
    ],
    [
      'a policy that is no JSON',
      () => ({ TAG_POLICY_FILE: join(folder, 'broken.json') }),
      'TAG_POLICY_FILE FOLDER/broken.json is not JSON',
    ],
    [
      'a policy that is none',
      () => ({ TAG_POLICY_FILE: join(folder, 'odd.json') }),
      'TAG_POLICY_FILE FOLDER/odd.json cannot be used:\n(.*\n)*  last_updated: .*\n(.*\n)*  required_tags.0.validation_regex: "." cannot be used: missing closing.*(\n.*)*extra',
    ],
    [
      'a folder that another process holds',
      () => ({ DATA_DIR: join(folder, 'data') }),
      'DATA_DIR FOLDER/data is in use by process \\d+ on .*Stop it, or choose another folder',
    ],
    [
      'a folder that is a file',
      () => ({ DATA_DIR: join(folder, 'file') }),
      'DATA_DIR FOLDER/file cannot be used \\(EEXIST\\)\\. Choose a folder',
    ],
    [
      'a folder below a file',
      () => ({ DATA_DIR: join(folder, 'file', 'data') }),
      'DATA_DIR FOLDER/file/data cannot be used \\(ENOTDIR\\)',
    ],
    [
      'a port that is in use',
      () => ({ PORT: port }),
      'PORT \\d+ at HOST 127.0.0.1 cannot be listened on \\(EADDRINUSE\\). Stop what uses it',
    ],
    [
      'a port for metrics that is in use',
      () => ({ METRICS_PORT: port }),
      'METRICS_PORT \\d+ at HOST 127.0.0.1 cannot be listened on \\(EADDRINUSE\\)',
    ],
    [
      'an address of another machine',
      () => ({ HOST: '203.0.113.7', SANDBOX_ON_NETWORK: 'true' }),
      'PORT 0 at HOST 203.0.113.7 cannot be listened on \\(EADDRNOTAVAIL\\)',
    ],
    [
      'a database that is not there',
      () => ({ STORE: 'postgres', ENCRYPTION_KEY: secret, DATABASE_URL: `postgres://user:${secret}@127.0.0.1:1/name` }),
      'The database of DATABASE_URL cannot be used \\(ECONNREFUSED\\)',
    ],
    [
      'a database whose secret cannot be read',
      () => ({
        STORE: 'postgres',
        ENCRYPTION_KEY: secret,
        DATABASE_HOST: '127.0.0.1',
        DATABASE_NAME: 'name',
        DATABASE_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf',
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: secret,
      }),
      'The database of DATABASE_HOST cannot be used \\(ECONNREFUSED\\). Check .*DATABASE_SECRET_ARN',
    ],
    [
      'DynamoDB that is not there',
      () => ({
        STORE: 'dynamodb',
        ENCRYPTION_KEY: secret,
        AWS_REGION: 'us-east-1',
        DYNAMODB_ENDPOINT: 'http://127.0.0.1:1',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: secret,
      }),
      'DynamoDB cannot be used \\(ECONNREFUSED\\). Check AWS_REGION',
    ],
  ];

  /** Two find their credentials in the environment of the process; the other shows what a process says of a policy. */
  const byProcess = ['a policy that is none', 'a database whose secret cannot be read', 'DynamoDB that is not there'];

  it.each(unusable.filter(([name]) => !byProcess.includes(name)))('%s', async (_name, variables, message) => {
    const { name, told } = await startInProcess(variables());
    expect(told).toMatch(pattern(message));
    expect(told).not.toContain(secret);
    // Those that the process tells without a stack.
    expect(['StartError', 'PolicyError']).toContain(name);
  });

  it.each(unusable.filter(([name]) => byProcess.includes(name)))(
    'by the process, %s',
    async (_name, variables, message) => {
      const { code, told } = await start(variables());
      expect(told).toMatch(pattern(message));
      expect(code).toBe(1);
      expect(told).not.toContain(secret);
      expect(told).not.toMatch(/^ {4}at /m);
    },
  );

  it('a port that is in use, before anything is read or made', async () => {
    await startInProcess({ PORT: port, DATA_DIR: join(folder, 'untouched') });
    await startInProcess({ METRICS_PORT: port, DATA_DIR: join(folder, 'untouched') });
    expect(existsSync(join(folder, 'untouched'))).toBe(false);
  });

  it('a folder whose process is paused, at another port or its own: it loses nothing of what it did', async () => {
    const before = await readdir(join(folder, 'data'));
    process.kill(holder.pid(), 'SIGSTOP');
    const second = await start({ DATA_DIR: join(folder, 'data') });
    const samePort = await start({ DATA_DIR: join(folder, 'data'), PORT: new URL(holder.url).port });
    process.kill(holder.pid(), 'SIGCONT');
    expect([second.code, samePort.code]).toEqual([1, 1]);
    expect(second.told).toMatch(pattern(`DATA_DIR FOLDER/data is in use by process ${holder.pid()} on `));
    expect(samePort.told).toContain('cannot be listened on (EADDRINUSE)');
    expect(await readdir(join(folder, 'data'))).toEqual(before);
    const asked = await connect(holder.url, 'ana', 'tag:write').then(({ caller }) =>
      caller.execute('bulk_tag_resources', { resource_arns: untagged.slice(0, 2), tags: { Owner: 'a@example.com' } }),
    );
    const operation_id = at(asked.json, 'result', 'request_id');
    await holder.resume();
    const kept = await connect(holder.url, 'vera').then(({ caller }) =>
      caller.execute('get_operation', { operation_id }),
    );
    expect(at(kept.json, 'result', 'status')).toBe('awaiting-countersign');
  });

  it('and whoever holds the folder goes on', async () => {
    expect((await fetch(`${holder.url}/ready`)).status).toBe(200);
  });
});
