/** A task is killed while it takes a decision about access: the decision, its record and its notice are all there, or none of them is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { jobsOf } from '../../src/jobs/port.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { openAccessRig, somebody } from '../rigs/access.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';

await describeWith(['initdb', 'postgres'], 'a decision about access whose task is killed', () => {
  let server: TestServer;
  let tables: TableEngine;
  const now = () => new Date();
  beforeAll(async () => {
    server = await startPostgres();
    tables = await openPostgres({ url: server.url, now });
  });
  afterAll(async () => {
    await tables.close();
    await server.stop();
  });

  /** How the request, the approval, the record and the notice stand after a task died at this moment. */
  const killedAt = async (moment: 'before' | 'after', accountId: string) => {
    const rig = openAccessRig(tables, now);
    const ana = somebody(`ana-${moment}`, 'north', ['tag:write']);
    const { requestId } = await rig.ask(ana, [{ api: 'GoogleAds', accountId }]);
    const env = { ...process.env, DATABASE_URL: server.url, CRASH_AT: moment, REQUEST_ID: requestId };
    const child = spawn(process.execPath, ['service/test/faults/access-task.ts'], { env, stdio: 'inherit' });
    expect((await once(child, 'exit'))[1]).toBe('SIGKILL');
    const jobs = jobsOf('core', { tables, now, wake: () => {} });
    const notices = (await jobs.list('waiting')).items.filter(({ payload }) => Object(payload).requestId === requestId);
    const { items } = await rig.audit.query({ userId: 'ben', limit: 100 });
    return {
      request: (await tables.get('access-requests', { requestId }))?.status,
      held: (await rig.store.approvalsOf(ana.personId)).map(({ status }) => status),
      records: items
        .filter(({ parameters }) => Object(parameters).request_id === requestId)
        .map(({ result }) => result),
      notices: notices.map(({ payload }) => Object(payload).notice),
    };
  };

  it('leaves nothing where it died before the write, and all of it where it died after', async () => {
    expect(await killedAt('before', '1111111111')).toEqual({ request: 'PENDING', held: [], records: [], notices: [] });
    expect(await killedAt('after', '2222222222')).toEqual({
      request: 'APPROVED',
      held: ['ACTIVE'],
      records: ['success'],
      notices: ['approved'],
    });
  });
});
