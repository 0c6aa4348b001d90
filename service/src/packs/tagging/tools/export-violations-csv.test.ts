import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { at, startPack } from '../../../../test/estate/pack.ts';
import { unzip } from '../../../../test/rigs/unzip.ts';
import type { ObjectBody, Objects } from '../../../ports/objects.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';

/** Objects in memory, as far as exports use them. */
const shelf = () => {
  const files = new Map<string, { body: Buffer; type: string; writtenAt: Date }>();
  const clock = { now: new Date('2026-11-20T09:00:00.000Z') };
  const bytes = async (body: ObjectBody): Promise<Buffer> =>
    typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : buffer(body);
  const objects: Pick<Objects, 'put' | 'list' | 'remove' | 'link'> = {
    put: async (key, body, { contentType = '' } = {}) => {
      files.set(key, { body: await bytes(body), type: contentType, writtenAt: clock.now });
      return { key, size: 1, etag: 'e', writtenAt: clock.now };
    },
    list: async (folder) => ({
      items: [...files]
        .filter(([key]) => key.startsWith(folder))
        .map(([key, { writtenAt }]) => ({ key, size: 1, etag: 'e', writtenAt })),
    }),
    remove: async (key) => void files.delete(key),
    link: async (key, { readers, fileName }) => ({
      url: `https://mcp.example.com/download?link=${encodeURIComponent(JSON.stringify([key, readers, fileName]))}`,
      expiresAt: '2026-11-21T09:00:00.000Z',
    }),
  };
  return { files, clock, objects: objects as Objects };
};

const open = async () => {
  const { files, clock, objects } = shelf();
  const pack = await startPack({ services: { objects } });
  const run = (input: object = {}) => pack.call('export_violations_csv', input);
  const only = () => [...files].findLast(([key]) => key.startsWith('violations/'))?.[1];
  return { pack, files, clock, objects, run, only };
};
const lines = (csv: string): string[] => csv.split('\r\n').filter((line) => line !== '');

describe('export_violations_csv', () => {
  it('writes every violation that a compliance check counts, and a link for holders of the scope', async () => {
    const { pack, run, only } = await open();
    const told = await run();
    const checked = await pack.call('check_tag_compliance', {});
    expect(told).toMatchObject({
      row_count: at(checked, 'total_violations'),
      format: 'csv',
      expires_at: '2026-11-21T09:00:00.000Z',
      export_url: expect.stringContaining('/download?link='),
    });
    const [key, readers, name] = JSON.parse(new URL(String(told.export_url)).searchParams.get('link') ?? '');
    expect(key).toMatch(/^violations\/2026-11-20-[0-9a-f-]{36}\.csv$/);
    expect([readers, name]).toEqual([{ scope: 'tag:read' }, 'Violations 2026-11-20.csv']);
    expect(lines(only()?.body.toString() ?? '')).toHaveLength(Number(told.row_count) + 1);
    expect(only()?.type).toContain('text/csv');
  });

  it('keeps what others wrote from running as a formula', async () => {
    const { pack, run, only } = await open();
    const [first] = await pack.resources.ofAccount('123456789012');
    if (first === undefined) throw new Error('empty estate');
    await pack.resources.put({ ...first, tags: { ...first.tags, Environment: '=cmd|calc', '@SUM(1)': 'x' } });
    await run();
    const csv = only()?.body.toString() ?? '';
    expect(csv).toContain("'=cmd|calc");
    expect(csv).not.toMatch(/(^|,)[=@]/m);
  });

  it('filters by severity and type', async () => {
    const { pack, run, only } = await open();
    const errors = await run({ filters: { severity: 'errors_only', resource_types: ['s3:bucket'] } });
    const checked = await pack.call('check_tag_compliance', { severity: 'errors_only', resource_types: ['s3:bucket'] });
    expect(errors.row_count).toBe(at(checked, 'total_violations'));
    const rows = lines(only()?.body.toString() ?? '').slice(1);
    expect(rows.every((row) => row.startsWith('arn:aws:s3:::') && row.includes(',error,'))).toBe(true);
    await expect(run({ filters: { colour: 'red' } })).rejects.toThrow();
  });

  it('refuses a filter for a type that is not scanned, before anything is read', async () => {
    const { pack, run, files } = await open();
    await expect(run({ filters: { resource_types: ['kms:key'] } })).rejects.toThrow('kms:key is not scanned');
    const history = await pack.parts.scans.history(extentHash(await wholeExtent(pack.parts.estate)), 1);
    expect([history, files.size]).toEqual([[], 0]);
  });

  it('tells each account and all of them together as every scan does', async () => {
    const { pack, run } = await open();
    const severity = 'errors_only';
    const told = await run({ filters: { severity } });
    const checked = await pack.call('check_tag_compliance', { severity });
    expect(told.results_by_account).toEqual(checked.results_by_account);
    expect(told).toMatchObject({
      multi_account: true,
      accounts_scanned: 3,
      aggregated_summary: { total_violations: told.row_count, total_resources: checked.total_resources },
    });
  });

  it('writes a list in JSON and a workbook for Excel', async () => {
    const { run, only } = await open();
    const json = await run({ format: 'json' });
    const list = z.array(z.looseObject({ resource_id: z.string() })).parse(JSON.parse(only()?.body.toString() ?? ''));
    expect(list).toHaveLength(Number(json.row_count));
    const workbook = await run({ format: 'xlsx' });
    const sheet = unzip(only()?.body ?? Buffer.alloc(0)).get('xl/worksheets/sheet1.xml') ?? '';
    expect(sheet.match(/<row /g)).toHaveLength(Number(workbook.row_count) + 1);
    expect(sheet).not.toMatch(/<f[ >]/);
    expect(only()?.type).toContain('spreadsheetml');
  });

  it('says in its name that it is partial, and is not written where nothing could be read', async () => {
    const { pack, run, files } = await open();
    pack.behaviour.throttledRegions.add('eu-west-1');
    expect(decodeURIComponent(String((await run()).export_url))).toContain('Violations 2026-11-20 (partial).csv');
    await expect(run({ regions: ['eu-west-1'] })).rejects.toMatchObject({
      code: 'upstream_error',
      message: expect.stringMatching(/^Nothing could be read, so no file was written\. .*rate/i),
    });
    expect([...files.keys()].filter((key) => key.startsWith('violations/'))).toHaveLength(1);
  });

  it('removes files that are older than thirty days', async () => {
    const { run, files, clock, pack } = await open();
    clock.now = new Date('2026-10-01T00:00:00.000Z');
    await run();
    const old = [...files.keys()];
    clock.now = pack.clock.now;
    await run();
    expect(old.filter((key) => files.has(key))).toEqual([]);
    expect([...files.keys()].map((key) => key.split('/')[0])).toEqual(['violations', 'violations-notes']);
  });

  it('is told although older ones cannot be removed', async () => {
    const { run, files, objects } = await open();
    objects.list = () => Promise.reject(new Error('not listed'));
    expect(await run()).toMatchObject({ export_url: expect.stringContaining('/download') });
    expect([...files.keys()].filter((key) => key.startsWith('violations/'))).toHaveLength(1);
  });
});
