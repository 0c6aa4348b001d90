import type { TableEngine } from '../../src/ports/tables.ts';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { openDynamoTables } from '../../src/stores/dynamodb/tables.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { startMoto } from '../servers/moto.ts';
import { openNewDatabase } from '../servers/new-database.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import { startProxy, type TestProxy } from '../servers/proxy.ts';
import type { TestServer } from '../servers/server.ts';
import { jobsContract } from './jobs-contract.ts';

const opened = new Set<TableEngine>();
const kept = (...tables: [TableEngine, TableEngine]): readonly [TableEngine, TableEngine] => {
  for (const engine of tables) opened.add(engine);
  return tables;
};
const closed = async () => {
  await Promise.all([...opened].map((tables) => tables.close()));
  opened.clear();
};

describe('jobs in memory', () => {
  jobsContract(async (now) => {
    const tables = openMemoryTables({ now });
    return [tables, tables];
  });
});

describe('jobs on the embedded PostgreSQL', () => {
  jobsContract(async (now) => {
    const tables = await openNewDatabase(now);
    return kept(tables, tables);
  });
  afterAll(closed);
});

await describeWith(['initdb', 'postgres'], 'jobs on a PostgreSQL server', () => {
  let server: TestServer;
  jobsContract(async (now) => {
    server = await startPostgres();
    const url = server.url;
    return kept(await openPostgres({ url, now }), await openPostgres({ url, now }));
  });
  afterAll(async () => {
    await closed();
    await server.stop();
  });
});

await describeWith(['moto_server'], 'jobs on DynamoDB', () => {
  let server: TestServer;
  let proxy: TestProxy;
  jobsContract(async (now) => {
    process.env.AWS_ACCESS_KEY_ID ??= 'test';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
    server = await startMoto();
    // One request at a time: moto does not isolate transactions from each other, as DynamoDB does.
    proxy = await startProxy(server.url);
    const options = { prefix: 'jobs-', region: 'us-east-1', endpoint: proxy.url };
    await createDynamoTables({ ...options, endpoint: server.url });
    return kept(openDynamoTables({ ...options, now }), openDynamoTables({ ...options, now }));
  });
  afterAll(async () => {
    await closed();
    await proxy.stop();
    await server.stop();
  });
});
