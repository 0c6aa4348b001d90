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
import { accessContract } from './access-contract.ts';
import { auditContract } from './audit-contract.ts';
import { budgetDaysContract } from './budget-days-contract.ts';
import { connectionsContract } from './connections-contract.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

describe('the audit log in memory', () => {
  auditContract(async (now) => openMemoryTables({ now }));
  describe('access to accounts', () => accessContract(async (now) => openMemoryTables({ now })));
  describe('days of budgets', () => budgetDaysContract(async (now) => openMemoryTables({ now })));
  describe('connected accounts', () => connectionsContract(async (now) => openMemoryTables({ now })));
});

describe('the audit log on the embedded PostgreSQL', () => {
  auditContract(openNewDatabase);
  describe('access to accounts', () => accessContract(openNewDatabase));
  describe('days of budgets', () => budgetDaysContract(openNewDatabase));
  describe('connected accounts', () => connectionsContract(openNewDatabase));
});

await describeWith(['initdb', 'postgres'], 'the audit log on a PostgreSQL server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  const open = (now: () => Date) => openPostgres({ url: server.url, now });
  auditContract(open);
  describe('access to accounts', () => accessContract(open));
  describe('connected accounts', () => connectionsContract(open));
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
  const open = async (now: () => Date) => {
    const options = { prefix: 'countersign-', region: 'us-east-1', endpoint: proxy.url };
    await createDynamoTables(options);
    return openDynamoTables({ ...options, now });
  };
  // Before the audit log fills it, because moto copies all it holds for each transaction.
  describe('access to accounts', () => accessContract(open));
  describe('connected accounts', () => connectionsContract(open));
  auditContract(open, { share: 0.2 });
});
