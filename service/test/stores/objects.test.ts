import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { folderObjects } from '../../src/objects/folder.ts';
import { s3Objects } from '../../src/objects/s3.ts';
import type { ObjectEngine } from '../../src/ports/objects.ts';
import { type Edge, startEdge } from '../estate/edge.ts';
import { openMemoryObjects } from '../rigs/memory-objects.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import { startProxy } from '../servers/proxy.ts';
import type { TestServer } from '../servers/server.ts';
import { alertsOfTwoTasks } from './alerts-of-two-tasks.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const MEGABYTE = 1024 * 1024;

const megabytes = async function* (count: number) {
  for (let i = 0; i < count; i += 1) yield Buffer.alloc(MEGABYTE, i);
};

const readAll = async (objects: ObjectEngine, key: string): Promise<string | undefined> => {
  const found = await objects.get(key);
  return found && text(found.body);
};

const contract = (open: () => ObjectEngine): void => {
  it('gives back what was put, its type, size, etag and time', async () => {
    const objects = open();
    const before = Date.now();
    const written = await objects.put('a/report.csv', 'Straße,5\r\n', { contentType: 'text/csv; charset=utf-8' });
    expect(written).toMatchObject({ key: 'a/report.csv', size: 11, etag: expect.stringMatching(/^".+"$/) });
    const found = await objects.get('a/report.csv');
    expect(found).toMatchObject({ ...written, contentType: 'text/csv; charset=utf-8' });
    expect(found && (await text(found.body))).toBe('Straße,5\r\n');
    expect(await objects.head('a/report.csv')).toEqual(written);
    expect(Math.abs((written?.writtenAt.getTime() ?? 0) - before)).toBeLessThan(60_000);
    await objects.put('plain', new Uint8Array([0, 255]));
    const plain = await objects.get('plain');
    expect(plain).toMatchObject({ size: 2, contentType: 'application/octet-stream' });
    expect(plain && (await buffer(plain.body))).toEqual(Buffer.from([0, 255]));
  });

  it('says of what is not there that it is not', async () => {
    const objects = open();
    expect(await objects.get('nothing/here')).toBeUndefined();
    expect(await objects.head('nothing/here')).toBeUndefined();
    await objects.remove('nothing/here');
    expect(await objects.list('nothing/')).toEqual({ items: [] });
    expect(await objects.put('nothing/here', 'x', { ifMatch: '"0"' })).toBeUndefined();
    expect(await objects.head('nothing/here')).toBeUndefined();
  });

  it('creates once with If-None-Match, whatever number tries', async () => {
    const objects = open();
    const tries = await Promise.all(
      Array.from({ length: 5 }, (_, i) => objects.put('once', `try ${i}`, { ifNoneMatch: '*' })),
    );
    expect(tries.filter((one) => one !== undefined)).toHaveLength(1);
    expect(await readAll(objects, 'once')).toBe(`try ${tries.findIndex((one) => one !== undefined)}`);
    await objects.remove('once');
    expect(await objects.put('once', 'again', { ifNoneMatch: '*' })).toBeDefined();
  });

  it('writes over with If-Match only what is as it was read', async () => {
    const objects = open();
    const first = await objects.put('state', 'one');
    const second = await objects.put('state', 'two', { ifMatch: first?.etag ?? '' });
    expect(second?.etag).not.toBe(first?.etag);
    expect(await objects.put('state', 'three', { ifMatch: first?.etag ?? '' })).toBeUndefined();
    expect(await readAll(objects, 'state')).toBe('two');
  });

  it('streams large contents in and out, also under a condition', async () => {
    const objects = open();
    const written = await objects.put('large', megabytes(17), { ifNoneMatch: '*', contentType: 'text/plain' });
    expect(written?.size).toBe(17 * MEGABYTE);
    const found = await objects.get('large');
    expect(found?.contentType).toBe('text/plain');
    let bytes = 0;
    for await (const chunk of found?.body ?? []) bytes += chunk.length;
    expect(bytes).toBe(17 * MEGABYTE);
    expect(await objects.put('large', megabytes(9), { ifNoneMatch: '*' })).toBeUndefined();
    expect(await objects.head('large')).toEqual(written);
  });

  it('writes nothing where the stream fails, however much was sent', async () => {
    let made = 0;
    const source = async function* () {
      for (; made < 99; made += 1) {
        if (made === 41) throw new Error('enough');
        yield Buffer.alloc(MEGABYTE);
      }
    };
    await expect(open().put('endless', source())).rejects.toThrow('enough');
    expect(await open().head('endless')).toBeUndefined();
  });

  it('lists a folder in the order of keys, page by page, and nothing else', async () => {
    const objects = open();
    for (const key of ['l/b', 'l/a', 'l/c/d', 'l/a.b', 'l/a/x', 'l2/a', 'l']) await objects.put(key, key);
    const first = await objects.list('l/', { limit: 3 });
    expect(first.items.map(({ key }) => key)).toEqual(['l/a', 'l/a.b', 'l/a/x']);
    expect(first.items[0]).toEqual(await objects.head('l/a'));
    const second = await objects.list('l/', { limit: 3, cursor: first.cursor ?? '' });
    expect(second.items.map(({ key }) => key)).toEqual(['l/b', 'l/c/d']);
    expect(second.cursor).toBeUndefined();
    expect(await readAll(objects, 'l')).toBe('l');
  });

  const outside = [
    '',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a/..',
    './a',
    '.hidden',
    'a//b',
    'a/',
    'a\\..\\b',
    'a\u0000b',
    'a\nb',
    '%2e%2e/x',
    'a+/b',
    'a+type',
    '\uff0e\uff0e/x',
    'e\u0301',
    'a\u202eb',
    '\ud800',
    'x'.repeat(401),
  ];
  it.each(outside)('refuses the key %j in every verb', async (key) => {
    const objects = open();
    const refusal = { code: 'invalid_input' };
    await expect(objects.put(key, 'x')).rejects.toMatchObject(refusal);
    await expect(objects.get(key)).rejects.toMatchObject(refusal);
    await expect(objects.head(key)).rejects.toMatchObject(refusal);
    await expect(objects.remove(key)).rejects.toMatchObject(refusal);
    if (key !== '' && key !== 'a/') await expect(objects.list(key)).rejects.toMatchObject(refusal);
  });
};

describe('objects of the tests, in memory', () => {
  const objects = openMemoryObjects();
  contract(() => objects);
});

describe('objects in a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'countersign-objects-')), 'objects');
  });
  afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));
  contract(() => folderObjects(folder));

  it('can be read by their owner alone, and leave no drafts', async () => {
    await folderObjects(folder).put('private', 'x');
    expect((await stat(join(folder, 'private'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, '.drafts'))).toEqual([]);
    expect(await readdir(join(folder, '..'))).toEqual(['objects']);
  });

  it('have no address but the service’s own', async () => {
    expect(await folderObjects(folder).handOver('private', 'x')).toBeUndefined();
  });

  it('are rid of drafts that a process left a day ago, and of no younger ones', async () => {
    const drafts = join(folder, '.drafts');
    const [old, young] = [join(drafts, 'old'), join(drafts, 'young')];
    for (const draft of [old, young]) await writeFile(draft, 'half');
    await utimes(old, new Date(), new Date(Date.now() - 90_000_000));
    await folderObjects(folder).put('private', 'y');
    expect(await readdir(drafts)).toEqual(['young']);
    await rm(young);
  });

  it('say so when the folder cannot be used', async () => {
    const elsewhere = folderObjects(join(folder, 'private', 'x'));
    await expect(elsewhere.put('a', 'x')).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

await describeWith(['moto_server'], 'objects in a bucket', () => {
  const Bucket = `data-${randomUUID()}`;
  let server: TestServer;
  let edge: Edge;
  let client: S3Client;
  const engines: ObjectEngine[] = [];
  const open = (bucket = Bucket, endpoint = server.url) => {
    const objects = s3Objects({ bucket, region: 'us-east-1', endpoint });
    engines.push(objects);
    return objects;
  };
  beforeAll(async () => {
    server = await startMoto();
    edge = await startEdge(server.url);
    client = new S3Client({ region: 'us-east-1', endpoint: server.url, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(async () => {
    for (const objects of engines) objects.close();
    client.destroy();
    await edge.stop();
    await server.stop();
  });
  contract(open);
  describe('alerts of two tasks', () => alertsOfTwoTasks(open));

  it('leave no part of an upload behind that failed or was refused', async () => {
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });

  it('are handed over by an address that is good for a minute and has the file saved by its name', async () => {
    await open().put('report', 'Straße', { contentType: 'text/html' });
    const address = new URL((await open().handOver('report', 'Straße.html')) ?? '');
    expect(address.searchParams.get('X-Amz-Expires')).toBe('60');
    expect(await (await fetch(address)).text()).toBe('Straße');
    // moto does not act on what S3 is asked to answer with.
    expect(address.searchParams.get('response-content-disposition')).toBe(
      'attachment; filename="Stra_e.html"; filename*=UTF-8\'\'Stra%C3%9Fe.html',
    );
    expect(address.searchParams.get('response-cache-control')).toBe('no-store');
  });

  it('reject when the bucket is not there', async () => {
    const elsewhere = open('elsewhere-entirely');
    await expect(elsewhere.put('a', 'x')).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(elsewhere.list('')).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('tell what is missing from what is forbidden, which S3 does not for a role that lists some folders', async () => {
    const objects = open(Bucket, edge.url);
    await open().put('seen', 'x');
    edge.answer = ({ method, path }) =>
      method === 'HEAD' || !path.includes('list-type')
        ? { status: 403, xml: '<Error><Code>AccessDenied</Code></Error>' }
        : undefined;
    expect(await objects.get('unseen')).toBeUndefined();
    expect(await objects.head('unseen')).toBeUndefined();
    await expect(objects.get('seen')).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('hold no more of a stream than the parts that are under way', async () => {
    let made = 0;
    let parts = 0;
    const ahead: number[] = [];
    edge.answer = ({ method, path }) => {
      if (method !== 'PUT' || !path.includes('partNumber')) return undefined;
      parts += 1;
      ahead.push(made - 8 * parts);
      return undefined;
    };
    const source = async function* () {
      for (; made < 48; made += 1) yield Buffer.alloc(MEGABYTE);
    };
    await open(Bucket, edge.url).put('stream', source());
    expect(parts).toBe(6);
    // Two parts under way, and what a stream reads ahead.
    expect(Math.max(...ahead)).toBeLessThanOrEqual(2 * 8 + 1);
  });

  it('know their own write again when its answer got lost and S3 refuses the second try', async () => {
    const proxy = await startProxy(server.url);
    const objects = open(Bucket, proxy.url);
    proxy.lose(1);
    expect(await objects.put('lost', 'mine', { ifNoneMatch: '*' })).toMatchObject({ key: 'lost', size: 4 });
    expect(proxy.lost()).toBe(1);
    expect(await objects.put('lost', 'other', { ifNoneMatch: '*' })).toBeUndefined();
    expect(await readAll(open(), 'lost')).toBe('mine');
    await proxy.stop();
  });
});
