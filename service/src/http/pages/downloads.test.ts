import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { Scope } from '../../../../contracts/scopes.ts';
import { openPages } from '../../../test/rigs/pages.ts';
import { folderObjects } from '../../objects/folder.ts';
import { createLinks } from '../../objects/links.ts';
import type { ObjectEngine } from '../../ports/objects.ts';

const KEY = 'packs/tagging/reports/q4.csv';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-downloads-'));
  await folderObjects(folder).put(KEY, 'a,b\r\n', { contentType: 'text/csv; charset=utf-8' });
  await folderObjects(folder).put('packs/other/secret', 'theirs');
});
afterAll(() => rm(folder, { recursive: true }));

const open = async (objects: ObjectEngine = folderObjects(folder)) => {
  const opened = await openPages([], undefined, objects);
  const ana = await opened.browse('ana', ['viewer']);
  const linkTo = async (readers: { person: string } | { scope: Scope } = { scope: 'tag:read' }, key = KEY) =>
    opened.links.sign(key, { readers, fileName: 'Q4 – „Straße".csv' });
  return { ...opened, ana, linkTo };
};

describe('a download link', () => {
  it('gives the file to whoever may read it, to be saved and not shown, and the audit log says who took it', async () => {
    const { ana, linkTo, rig } = await open();
    const answer = await ana.get((await linkTo()).url);
    expect([answer.statusCode, answer.body]).toEqual([200, 'a,b\r\n']);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '5',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="Q4 _ _Stra_e_.csv"; filename\*=UTF-8''Q4%20/,
      ),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(rig.events).toEqual([
      expect.objectContaining({ userId: 'ana', tool: 'download', action: 'read', result: 'success' }),
    ]);
    expect(rig.events[0]?.parameters).toMatchObject({ key: KEY });
  });

  it('sends strangers to sign in and come back: holding it is not enough', async () => {
    const { app, linkTo } = await open();
    const { url } = await linkTo();
    const answer = await app.inject({ url, headers: { accept: 'text/html' } });
    expect([answer.statusCode, answer.headers.location]).toEqual([
      303,
      `/sign-in?return_to=${encodeURIComponent(url)}`,
    ]);
  });

  it('made for a person is nobody else’s, and the audit log has who tried', async () => {
    const { ana, browse, linkTo, rig } = await open();
    const { url } = await linkTo({ person: 'ana' });
    expect((await ana.get(url)).statusCode).toBe(200);
    const ben = await browse('ben', ['admin']);
    const refused = await ben.get(url);
    expect(refused.statusCode).toBe(403);
    expect(refused.body).not.toContain('a,b');
    expect(rig.events.at(-1)).toMatchObject({ userId: 'ben', result: 'blocked', errorCode: 'access_denied' });
  });

  it('made for a scope is for its holders only', async () => {
    const { ana, browse, linkTo } = await open();
    const { url } = await linkTo({ scope: 'tag:approve' });
    expect((await ana.get(url)).statusCode).toBe(403);
    expect((await (await browse('ben', ['approver'])).get(url)).statusCode).toBe(200);
  });

  it('ends when it says, and then says when it ended', async () => {
    const { ana, links, rig } = await open();
    const { url, expiresAt } = await links.sign(KEY, { readers: { person: 'ana' }, seconds: 600 });
    const began = rig.world.now.getTime();
    expect(expiresAt).toBe(new Date(began + 600_000).toISOString());
    rig.world.now = new Date(began + 599_000);
    expect((await ana.get(url)).statusCode).toBe(200);
    rig.world.now = new Date(began + 600_000);
    const late = await ana.get(url);
    expect(late.statusCode).toBe(409);
    expect(late.body).toContain(expiresAt);
  });

  it('leads nowhere when it is forged, cut or made by another service', async () => {
    const { ana, linkTo } = await open();
    const { url } = await linkTo();
    const claims = { key: KEY, readers: { scope: 'tag:read' }, name: 'x' };
    const exp = Math.floor(Date.parse('2027-01-01') / 1000);
    const typ = 'countersign-download+jwt';
    const by = (key: Uint8Array, header: object, more: object = { exp }) =>
      new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: 'HS256', ...header }).sign(key);
    const own = new Uint8Array(32);
    const none = `${Buffer.from(JSON.stringify({ alg: 'none', typ })).toString('base64url')}.${Buffer.from(JSON.stringify({ ...claims, exp })).toString('base64url')}.`;
    const other = createLinks({ key: new Uint8Array(32).fill(1), publicUrl: '', now: () => new Date() });
    const forged = [
      `${url}x`,
      url.slice(0, -10),
      '/download',
      '/download?link=',
      `/download?link=a&link=b`,
      `/download?link=${none}`,
      `/download?link=${await by(new Uint8Array(32).fill(9), { typ })}`,
      // Signed with our key, but for another purpose, or without an end.
      `/download?link=${await by(own, { typ: 'JWT' })}`,
      `/download?link=${await by(own, { typ }, {})}`,
      `/download?link=${await by(own, { typ }, { exp, key: 'packs/tagging/../other/secret' })}`,
      `/download?link=${await by(own, { typ }, { exp, readers: {} })}`,
      (await other.sign(KEY, { readers: { scope: 'tag:read' } })).url,
    ];
    for (const path of forged) expect([path, (await ana.get(path)).statusCode]).toEqual([path, 404]);
  });

  it('to a file that was removed, or of a pack that is off, finds nothing', async () => {
    const { ana, linkTo } = await open();
    expect((await ana.get((await linkTo(undefined, 'packs/tagging/gone')).url)).statusCode).toBe(404);
    expect((await ana.get((await linkTo(undefined, 'packs/other/secret')).url)).statusCode).toBe(404);
    expect((await ana.get((await linkTo(undefined, 'audit/secret')).url)).statusCode).toBe(404);
  });

  it('hands nothing over while the audit log is away', async () => {
    const { ana, linkTo, rig } = await open();
    rig.world.auditDown = true;
    expect((await ana.get((await linkTo()).url)).statusCode).toBe(503);
  });

  it('leads on to the bucket’s own address where objects are in one, by a page, because a form before it may lead to no other origin', async () => {
    const at: string[] = [];
    const { ana, linkTo } = await open(
      Object.assign(folderObjects(folder), {
        handOver: async (key: string, fileName: string) => {
          at.push(key, fileName);
          return 'https://bucket.example.com/x?X-Amz-Expires=60';
        },
      }),
    );
    const answer = await ana.get((await linkTo()).url);
    expect([answer.statusCode, answer.headers.refresh]).toEqual([
      200,
      '0; url=https://bucket.example.com/x?X-Amz-Expires=60',
    ]);
    expect(answer.body).toContain('href="https://bucket.example.com/x?X-Amz-Expires=60"');
    expect(at).toEqual([KEY, 'Q4 – „Straße".csv']);
  });

  it.each([0, 59, 2_592_001, 1.5, Number.NaN])('cannot be made for %d seconds', async (seconds) => {
    const { links } = await open();
    await expect(links.sign(KEY, { readers: { person: 'ana' }, seconds })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('with the longest key stays below what firewalls allow of a query', async () => {
    const { links } = await open();
    const key = `packs/tagging/${'x'.repeat(190)}/${'y'.repeat(190)}`;
    const { url } = await links.sign(key, { readers: { person: 'p'.repeat(100) }, fileName: 'é'.repeat(200) });
    expect(new URL(url, 'http://x').search.length).toBeLessThan(2048);
    expect(await links.read(new URL(url, 'http://x').searchParams.get('link'))).toMatchObject({ key });
  });
});
