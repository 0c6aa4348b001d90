import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { selfSigned } from '../rigs/self-signed.ts';
import { startMoto } from '../servers/moto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const region = 'us-east-1';
const certificate = selfSigned('localhost');

/** Roles other than the superuser sign in with a password, and over TLS where they come to `hostssl` only. */
const rules = (kind: 'host' | 'hostssl') =>
  ['host all countersign 127.0.0.1/32 trust', `${kind} all all 127.0.0.1/32 scram-sha-256`].join('\n');

await describeWith(['initdb', 'postgres', 'moto_server'], 'a PostgreSQL server whose password is in a secret', () => {
  let server: TestServer;
  let moto: TestServer;
  let arn: string;
  let folder: string;
  let database: number;

  const sql = async (text: string): Promise<Record<string, unknown>[]> => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  /** Writes a file of the server, readable by the server alone. */
  const write = (name: string, text: string) =>
    sql(`copy (select unnest(string_to_array($$${text}$$, E'\\n'))) to program 'umask 077; cat > ${name}'`);
  const secrets = () => new SecretsManagerClient({ region, endpoint: moto.url });
  const put = (value: object | string) =>
    secrets().send(
      new PutSecretValueCommand({
        SecretId: arn,
        SecretString: typeof value === 'string' ? value : JSON.stringify(value),
      }),
    );
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-ca-'));
    [server, moto] = await Promise.all([startPostgres(), startMoto()]);
    const made = await secrets().send(new CreateSecretCommand({ Name: 'rds!db-1', SecretString: '{}' }));
    arn = made.ARN ?? '';
    await write('server.key', certificate.key);
    await write('server.crt', certificate.cert);
    await sql('alter system set ssl = on');
    await writeFile(join(folder, 'ca.pem'), certificate.cert);
    database = 0;
  });
  afterAll(async () => {
    await server?.stop();
    await moto?.stop();
    await rm(folder, { recursive: true });
  });

  const allow = async (kind: 'host' | 'hostssl') => {
    await write('pg_hba.conf', rules(kind));
    await sql('select pg_reload_conf()');
  };
  /** An empty database of a role with this password, and the secret that says so. */
  const setUp = async (password: string) => {
    database += 1;
    await sql(`create role app${database} login password '${password}'`);
    await sql(`create database db${database} owner app${database}`);
    await put({ username: `app${database}`, password });
    return { role: `app${database}`, name: `db${database}` };
  };
  const open = (
    name: string,
    changes: { host?: string; caFile?: string; tls?: 'verify-full' | 'off'; arn?: string } = {},
  ) =>
    openPostgres({
      server: {
        host: '127.0.0.1',
        port: Number(new URL(server.url).port),
        database: name,
        tls: 'off',
        ...changes,
        secret: { arn: changes.arn ?? arn, region, endpoint: moto.url },
      },
    });
  /** Pings at once, each over a connection of its own. */
  const ping = (tables: Awaited<ReturnType<typeof open>>) => Promise.all([1, 2, 3, 4, 5].map(() => tables.ping()));
  const sessions = async (role: string) =>
    Number((await sql(`select count(*) from pg_stat_activity where usename = '${role}'`))[0]?.count);

  describe('without TLS', () => {
    beforeAll(() => allow('host'));

    it('is signed in to with the new password once that rotated, without a restart', async () => {
      const { role, name } = await setUp('one');
      const tables = await open(name);
      await tables.ping();
      await sql(`alter role ${role} password 'two'`);
      await put({ username: role, password: 'two' });
      // A ping whose connection was refused with the old password is tried again, and may then find the first one idle.
      for (let times = 0; times < 20 && (await sessions(role)) < 2; times += 1) await ping(tables);
      expect(await sessions(role)).toBeGreaterThan(1);
      await tables.close();
    });

    it('is signed in to as another user once the secret says so', async () => {
      const { role, name } = await setUp('one');
      const tables = await open(name);
      await sql(`create role ${role}_b login password 'two' in role ${role}`);
      await sql(`alter role ${role} nologin`);
      await put({ username: `${role}_b`, password: 'two' });
      await ping(tables);
      expect(await sessions(`${role}_b`)).toBeGreaterThan(1);
      await tables.close();
    });

    it('answers as unavailable while the secret is not the one of now, and tells neither', async () => {
      const { role, name } = await setUp('one');
      const tables = await open(name);
      await sql(`alter role ${role} password 'hunter2'`);
      await put({ username: role, password: 'hunter3' });
      const error: unknown = await ping(tables).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'store_unavailable', cause: { code: '28P01' } });
      expect(inspect([error, tables], { depth: 10, showHidden: true })).not.toMatch(/hunter[23]/);
      await put({ username: role, password: 'hunter2' });
      await ping(tables);
      await tables.close();
    });

    it('does not open with a secret that is none, or of another form', async () => {
      const { name } = await setUp('one');
      await expect(open(name, { arn: `${arn}x` })).rejects.toMatchObject({
        cause: { name: 'ResourceNotFoundException' },
      });
      await put('hunter2');
      await expect(open(name)).rejects.toMatchObject({ cause: { code: 'database_secret_invalid' } });
    });
  });

  describe('over TLS', () => {
    beforeAll(() => allow('hostssl'));

    it('is trusted only with its authority and under its own name', async () => {
      const { name } = await setUp('one');
      const tls = 'verify-full' as const;
      const caFile = join(folder, 'ca.pem');
      await expect(open(name, { tls, host: 'localhost' })).rejects.toMatchObject({
        cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      });
      await expect(open(name, { tls, caFile })).rejects.toMatchObject({
        cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      });
      await expect(open(name)).rejects.toMatchObject({ cause: { code: '28000' } });
      const tables = await open(name, { tls, caFile, host: 'localhost' });
      await tables.ping();
      await tables.close();
    });

    it('is not opened without the file of authorities', async () => {
      const { name } = await setUp('one');
      await expect(open(name, { tls: 'verify-full', caFile: join(folder, 'none.pem') })).rejects.toMatchObject({
        cause: { code: 'ENOENT' },
      });
    });
  });
});
