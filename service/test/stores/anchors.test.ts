import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { folderAnchors } from '../../src/anchors/folder.ts';
import { s3Anchors } from '../../src/anchors/s3.ts';
import { folderArchive } from '../../src/archive/folder.ts';
import { s3Archive } from '../../src/archive/s3.ts';
import type { Anchors } from '../../src/audit/anchors.ts';
import type { Archive } from '../../src/audit/export/archive.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const contract = (open: () => Anchors): void => {
  it('keeps what is written, once and for all, and lists it in order', async () => {
    const anchors = open();
    expect(await anchors.numbers(0)).toEqual([]);
    expect(await anchors.read(1)).toBeUndefined();
    const text = (number: number) => `{"number":${number},"who":"Žana ✓"}\n`;
    for (const number of [1, 2, 10]) expect(await anchors.create(number, text(number))).toBe(true);
    expect(await anchors.create(2, 'another')).toBe(false);
    expect(await anchors.read(2)).toBe(text(2));
    expect(await anchors.numbers(0)).toEqual([1, 2, 10]);
    expect(await anchors.numbers(2)).toEqual([10]);
    expect(await anchors.tampered()).toEqual([]);
  });

  it('lets one of many write a number', async () => {
    const anchors = open();
    const won = await Promise.all(Array.from({ length: 5 }, (_, i) => anchors.create(77, `task ${i}`)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await anchors.read(77)).toBe(`task ${won.indexOf(true)}`);
  });
};

/** @param read the bytes of a file, past the port, which reads nothing back */
const archiveContract = (open: () => Archive, read: (name: string) => Promise<Buffer>): void => {
  it('takes each file for auditors once, and never another in its place', async () => {
    const archive = open();
    const name = `${'0a'.repeat(32)}/0000000001-0000000002.ndjson.gz`;
    const tries = ['one', 'two', 'three'];
    const won = await Promise.all(tries.map((content) => archive.create(name, Buffer.from(content))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(String(await read(name))).toBe(tries[won.indexOf(true)]);
    expect(await archive.create(name, Buffer.from('later'))).toBe(false);
    expect(await archive.create(name.replace('2.nd', '3.nd'), Buffer.from([0, 255]))).toBe(true);
    expect(await read(name.replace('2.nd', '3.nd'))).toEqual(Buffer.from([0, 255]));
  });
};

describe('files for auditors in a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-archive-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  archiveContract(
    () => folderArchive(folder),
    (name) => readFile(join(folder, name)),
  );

  it('can be read by their owner alone, and leave no drafts', async () => {
    const [only, ...others] = await readdir(folder);
    expect([only, others]).toEqual(['0a'.repeat(32), []]);
    expect((await stat(join(folder, only ?? '', '0000000001-0000000002.ndjson.gz'))).mode & 0o777).toBe(0o600);
  });
});

describe('anchors in a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'countersign-anchors-')), 'anchors');
  });
  afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));
  contract(() => folderAnchors(folder));

  it('can be read by their owner alone', async () => {
    for (const file of await readdir(folder)) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });
});

await describeWith(['moto_server'], 'anchors in a bucket with object lock', () => {
  const Bucket = 'archive';
  let server: TestServer;
  let client: S3Client;
  beforeAll(async () => {
    server = await startMoto();
    client = new S3Client({ region: 'us-east-1', endpoint: server.url, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    const DefaultRetention = { Mode: 'GOVERNANCE', Days: 730 } as const;
    const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
    await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  const open = () => s3Anchors({ bucket: Bucket, region: 'us-east-1', endpoint: server.url });
  contract(open);
  const archive = () => s3Archive({ bucket: Bucket, region: 'us-east-1', endpoint: server.url });
  archiveContract(archive, async (name) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: `audit-log/${name}` }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  });

  it('tell when one was deleted or written over, though its locked version is there', async () => {
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'anchors/0000000001.json' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'anchors/0000000002.json', Body: 'forged' }));
    expect(await open().numbers(0)).toEqual([2, 10, 77]);
    expect(await open().tampered()).toEqual([
      'anchors/0000000001.json was deleted; its locked version is there',
      'anchors/0000000002.json was written over; its earlier versions are there',
    ]);
  });

  it('reject when the bucket is not there', async () => {
    const elsewhere = s3Anchors({ bucket: 'elsewhere', region: 'us-east-1', endpoint: server.url });
    await expect(elsewhere.create(1, 'x')).rejects.toThrow();
    await expect(elsewhere.numbers(0)).rejects.toThrow();
    const away = s3Archive({ bucket: 'elsewhere', region: 'us-east-1', endpoint: server.url });
    await expect(away.create('x', Buffer.from('x'))).rejects.toThrow();
  });
});
