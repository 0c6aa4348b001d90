/** The process that brings the store to its version and ends: what a deployment runs before its first task. */
import { execFile } from 'node:child_process';
import { Client } from 'pg';
import { bare } from '../servers/bare.ts';
import { startDynalite } from '../servers/dynalite.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import { freePort, type TestServer } from '../servers/server.ts';

interface Ended {
  readonly code: number;
  readonly told: string;
}

const ended = (environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = {
      ...bare(),
      LOG_LEVEL: 'info',
      ENCRYPTION_KEY: 'a key for tests, as long as it has to be',
      ...environment,
    };
    const child = execFile(
      process.execPath,
      ['service/src/start/server.ts', ...args],
      { env, timeout: 50_000 },
      (_e, out, err) => resolve({ code: child.exitCode ?? -1, told: out + err }),
    );
  });

await describeWith(['initdb', 'postgres'], 'migrating only, on PostgreSQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  const versions = async (): Promise<unknown[]> => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query('select version from countersign_migrations');
    await client.end();
    return rows;
  };

  it('makes the schema, says so and ends with 0, listening nowhere; a second time it changes nothing', async () => {
    const environment = { STORE: 'postgres', DATABASE_URL: server.url, PORT: String(await freePort()) };
    for (let time = 0; time < 2; time += 1) {
      const { code, told } = await ended(environment, '--migrate-only');
      expect(told).toContain('the store is what this version needs');
      expect(told).not.toContain('listening');
      expect(code).toBe(0);
    }
    expect(await versions()).toEqual([{ version: 1 }]);
  });

  it('ends with 1 where the contract is more than an addition to what is there', async () => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(
      `update countersign_migrations set schema = jsonb_set(schema, '{people,columns,name,type}', '"bigint"')`,
    );
    await client.end();
    const { code, told } = await ended({ STORE: 'postgres', DATABASE_URL: server.url }, '--migrate-only');
    expect([code, told]).toEqual([1, expect.stringMatching(/people.*name/)]);
  });

  it('refuses an argument that is misspelt, and does not serve instead', async () => {
    const { code, told } = await ended({ STORE: 'postgres', DATABASE_URL: server.url }, '--migrate');
    expect([code, told]).toEqual([1, expect.stringContaining('takes one argument, --migrate-only, and not --migrate')]);
  });
});

describe('migrating only, on DynamoDB', () => {
  it('ends with 1 and names the tables that are not there', async () => {
    const dynalite = await startDynalite();
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const store = {
      STORE: 'dynamodb',
      AWS_REGION: 'us-east-1',
      DYNAMODB_ENDPOINT: dynalite.url,
      TABLE_PREFIX: 'mine-',
    };
    const { code, told } = await ended({ ...credentials, ...store }, '--migrate-only');
    await dynalite.stop();
    expect(code).toBe(1);
    expect(told).toMatch(/DynamoDB has no mine-operations, .*mine-scheduled-audits.*, which this version needs/);
    expect(told).not.toContain('mine-sandbox-resources');
  });
});
