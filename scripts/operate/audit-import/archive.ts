/** Where imported rows are kept beside the table: the archive bucket, whose objects nobody can delete, or a folder. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Config } from '../../../service/src/config.ts';
import { OperatorProblem } from '../../platform/problem.ts';

/** Prefix in the bucket. The service's role has no access to it. */
const PREFIX = 'imports/';

export interface Archive {
  /** For people, such as `s3://bucket/imports/`. */
  readonly place: string;
  /** Writes once and for all. False, and nothing written, where there is one of that name. */
  create(name: string, content: Uint8Array, type: string): Promise<boolean>;
  read(name: string): Promise<Uint8Array | undefined>;
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const folderArchive = (folder: string): Archive => ({
  place: `${folder}/`,
  create: async (name, content) => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    try {
      await writeFile(file, content, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  },
  read: async (name) => {
    try {
      return await readFile(join(folder, name));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  },
});

const bucketArchive = (client: S3Client, Bucket: string): Archive => ({
  place: `s3://${Bucket}/${PREFIX}`,
  create: async (name, Body, ContentType) => {
    try {
      await client.send(new PutObjectCommand({ Bucket, Key: PREFIX + name, Body, ContentType, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      // 412: there is one. 409: another such write is under way, whose content is compared as well.
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412 || status === 409) return false;
      throw error;
    }
  },
  read: async (name) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: PREFIX + name }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
});

/** @throws OperatorProblem where there is nowhere but the database itself */
export const openArchive = (config: Config): Archive => {
  const { AUDIT_ANCHOR_BUCKET: bucket, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = config;
  if (bucket !== undefined && region !== undefined)
    return bucketArchive(
      new S3Client({ region, ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }) }),
      bucket,
    );
  if (config.STORE === 'embedded') return folderArchive(join(config.DATA_DIR, 'imports'));
  throw new OperatorProblem(
    'The rows must also be kept outside the database: set AUDIT_ANCHOR_BUCKET to the archive bucket (audit_archive), and AWS_REGION.',
  );
};
