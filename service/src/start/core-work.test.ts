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

  it('removes files of packs from a folder when their time is over, and no others', async () => {
    let now = new Date();
    const service = await assembleInMemory({ TOOL_PACKS: 'alerts', DATA_DIR: folder }, undefined, () => now);
    const [temporary, kept] = ['packs/alerts/temp/a.json', 'packs/alerts/configs/a.json'];
    for (const key of [temporary, kept]) await service.objects.put(key, '{}');
    const core = service.jobs.of('core');
    const left = async (days: number) => {
      now = new Date(now.getTime() + days * 86_400_000);
      await core.enqueue({ worker: 'sweep-objects', payload: {} });
      await service.jobs.turn();
      await service.jobs.idle(5000);
      const listed = await Promise.all(
        ['packs/alerts/configs/', 'packs/alerts/temp/'].map((below) => service.objects.list(below)),
      );
      return listed.flatMap(({ items }) => items.map(({ key }) => key));
    };
    expect(await left(6.9)).toEqual([kept, temporary]);
    expect(await left(0.2)).toEqual([kept]);
  });

  it('leaves that to a bucket', async () => {
    const bucket = { OBJECTS_BUCKET: 'files', AWS_REGION: 'us-east-1' };
    const [{ schedules }, { schedules: ofBucket }] = [await schedulesOf({}), await schedulesOf(bucket)];
    expect(schedules).toHaveProperty('sweep-objects');
    expect(ofBucket).not.toHaveProperty('sweep-objects');
  });
});
