import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startPack } from '../../../../test/estate/pack.ts';
import { folderObjects } from '../../../objects/folder.ts';
import { linked } from '../../../objects/index.ts';
import { createLinks } from '../../../objects/links.ts';
import { exportsPage } from './exports.ts';

const rowsOf = (page: string): string[] => page.match(/<tr><th scope="row">.*?<\/tr>/gs) ?? [];
const visitor = {
  person: { personId: 'vera', name: 'Vera', email: 'vera@example.com', roles: [] },
  scopes: new Set(['tag:read'] as const),
  csrf: 'csrf',
};

describe('the page of exported files', () => {
  let folder: string;
  let clock: Date;
  const open = async () => {
    clock = new Date();
    folder = await mkdtemp(join(tmpdir(), 'exports-'));
    const parts = { key: new Uint8Array(32), publicUrl: 'https://mcp.example.com', now: () => clock };
    const links = createLinks(parts);
    return { links, objects: linked(folderObjects(folder), links) };
  };
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const show = async (objects: Parameters<typeof exportsPage>[0], query = {}) => {
    const page = exportsPage(objects);
    const from = { correlationId: 'c', ipAddress: '192.0.2.7', userAgent: 'test' };
    const origin = { kind: 'request', via: 'page', ...from } as const;
    const context = { origin, signal: AbortSignal.timeout(5000), log: pino({ level: 'silent' }), now: () => clock };
    const { main } = await page.show({ visitor, query: page.query?.parse(query) ?? {}, params: {}, context });
    return main.toString();
  };

  it('tells what each holds, its rows and who asked, with a link for whoever may read tags', async () => {
    const { links, objects } = await open();
    const pack = await startPack({ services: { objects } });
    const told = await pack.call('export_violations_csv', {
      filters: { severity: 'errors_only', resource_types: ['s3:bucket'] },
    });
    const [row = '', ...none] = rowsOf(await show(objects));
    expect(none).toEqual([]);
    expect(row).toContain('Errors of s3:bucket');
    expect(row).toContain(`data-column="Rows">${told.row_count}<`);
    expect(row).toMatch(/data-column="Asked for by"><bdi>[^<]+<\/bdi>/);
    const href = /href="([^"]+)"/.exec(row)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(href).toMatch(/^\/download\?link=/);
    const link = await links.read(new URL(href, 'https://mcp.example.com').searchParams.get('link'));
    expect(link).toMatchObject({
      readers: { scope: 'tag:read' },
      fileName: expect.stringMatching(/^Violations .*\.csv$/),
    });
    expect(await objects.head(link.key)).toBeDefined();
    clock = new Date(clock.getTime() + 2 * 3600 * 1000);
    await expect(links.read(new URL(href, 'https://mcp.example.com').searchParams.get('link'))).rejects.toThrow(
      'This link ended',
    );
  });

  it('shows the newest first in parts, also files without a note, and none that is past its days', async () => {
    const { objects } = await open();
    expect(await show(objects)).toContain('No file is here.');
    for (let at = 0; at < 26; at += 1)
      await objects.put(`violations/2026-11-20-${String(at).padStart(2, '0')}.csv`, 'x');
    const first = await show(objects);
    expect(rowsOf(first)).toHaveLength(25);
    expect(rowsOf(first)[0]).toMatch(/2026-11-20-25\.csv.*not known/s);
    expect(rowsOf(await show(objects, { page: '2' }))).toHaveLength(1);
    clock = new Date(clock.getTime() + 31 * 86_400_000);
    expect(await show(objects)).toContain('No file is here.');
    expect(await show(undefined)).toContain('This service keeps no files.');
  });
});
