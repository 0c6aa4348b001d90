import { openPostgres } from '../../src/stores/postgres/server.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { tablesContract } from './tables-contract.ts';

await describeWith(['initdb', 'postgres'], 'tables on a PostgreSQL server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  tablesContract({
    open: (now) => openPostgres({ url: server.url, now }),
    outage: { begin: () => server.halt(), end: () => server.resume() },
  });
});
