import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleInMemory } from '../../test/rigs/whole.ts';
import { folderOf } from '../audit/export/file.ts';

describe('work of the service itself that comes by itself', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-core-work-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const schedulesOf = async (variables: Readonly<Record<string, string>>) => {
    const service = await assembleInMemory(variables);
    await service.jobs.turn();
    const { items } = await service.jobs.of('core').schedules();
    return { service, schedules: Object.fromEntries(items.map(({ name, cron }) => [name, cron])) };
  };

  it('exports the audit log every quarter of an hour where a folder or bucket is named', async () => {
    const { service, schedules } = await schedulesOf({ AUDIT_EXPORT_FOLDER: folder });
    expect(schedules).toMatchObject({ sweep: '*/10 * * * *', 'audit-export': '*/15 * * * *' });
    await service.audit.append({ userId: 'ana', correlationId: 'c', tool: 't', action: 'read', result: 'success' });
    const core = service.jobs.of('core');
    const { jobId } = await core.enqueue({ worker: 'audit-export', payload: {} });
    await service.jobs.turn();
    await service.jobs.idle(5000);
    expect(await core.get(jobId)).toMatchObject({ status: 'done' });
    expect(await readdir(join(folder, folderOf('ana')))).toEqual(['0000000001-0000000001.ndjson.gz']);
  });

  it('exports nothing where nobody asked for it', async () => {
    const { schedules } = await schedulesOf({});
    expect(Object.keys(schedules)).not.toContain('audit-export');
  });
});
