import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { TableEngine } from '../../src/ports/tables.ts';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { openDynamoTables } from '../../src/stores/dynamodb/tables.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { startMoto } from '../servers/moto.ts';
import { openNewDatabase } from '../servers/new-database.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import { startProxy, type TestProxy } from '../servers/proxy.ts';
import type { TestServer } from '../servers/server.ts';
import { claimsContract, openTwoTasks } from './claims-contract.ts';

const opened: TableEngine[] = [];
const kept = (...tables: TableEngine[]) => opened.push(...tables);
afterEach(async () => {
  await Promise.all(opened.splice(0).map((tables) => tables.close()));
});

describe('claims on the embedded PostgreSQL', () => {
  let tables: TableEngine;
  let clock = () => new Date();
  beforeAll(async () => {
    tables = await openNewDatabase(() => clock());
  });
  afterAll(() => tables.close());

  claimsContract(
    () =>
      openTwoTasks(async (now) => {
        clock = now;
        return [tables, tables];
      }),
    150,
  );
});

await describeWith(['initdb', 'postgres'], 'claims on a PostgreSQL server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const emptyDatabase = async (): Promise<string> => {
    const name = `db_${randomUUID().replaceAll('-', '')}`;
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    return server.url.replace(/postgres$/, name);
  };
  claimsContract(() =>
    openTwoTasks(async (now) => {
      const url = await emptyDatabase();
      const tables = [await openPostgres({ url, now }), await openPostgres({ url, now })] as const;
      kept(...tables);
      return tables;
    }),
  );
});

await describeWith(['moto_server'], 'claims on DynamoDB', () => {
  let server: TestServer;
  let proxy: TestProxy;
  const optionsFor = (endpoint: string) => ({ prefix: `${randomUUID()}-`, region: 'us-east-1', endpoint });
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID ??= 'test';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
    server = await startMoto();
    // One request at a time: moto does not isolate transactions from each other, as DynamoDB does.
    proxy = await startProxy(server.url);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  claimsContract(
    () =>
      openTwoTasks(async (now) => {
        const options = optionsFor(proxy.url);
        await createDynamoTables({ ...options, endpoint: server.url });
        const tables = [openDynamoTables({ ...options, now }), openDynamoTables({ ...options, now })] as const;
        kept(...tables);
        return tables;
      }),
    150,
  );
});
