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
import { auditContract } from './audit-contract.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

describe('the audit log in memory', () => {
  auditContract(async (now) => openMemoryTables({ now }));
});

describe('the audit log on the embedded PostgreSQL', () => {
  auditContract(openNewDatabase);
});

await describeWith(['initdb', 'postgres'], 'the audit log on a PostgreSQL server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  auditContract((now) => openPostgres({ url: server.url, now }));
});

await describeWith(['moto_server'], 'the audit log on DynamoDB', () => {
  let server: TestServer;
  let proxy: TestProxy;
  beforeAll(async () => {
    server = await startMoto();
    proxy = await startProxy(server.url);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  // moto copies all it holds for each transaction.
  auditContract(
    async (now) => {
      const options = { prefix: 'countersign-', region: 'us-east-1', endpoint: proxy.url };
      await createDynamoTables(options);
      return openDynamoTables({ ...options, now });
    },
    { share: 0.2 },
  );
});
