/** Files for auditors in a bucket with object lock, where nobody can take them away before their time. */
import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { exportPrefix as PREFIX } from '../../../contracts/anchors.ts';
import type { Archive } from '../audit/export/archive.ts';
import { exportType } from '../audit/export/file.ts';
import { withSpans } from '../s3-spans.ts';

export interface S3ArchiveOptions {
  readonly bucket: string;
  readonly region: string;
  /** Other than the region's own, for an emulator. */
  readonly endpoint?: string | undefined;
}

export const s3Archive = ({ bucket, region, endpoint }: S3ArchiveOptions): Archive => {
  const client = withSpans(
    new S3Client({
      region,
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 3000, requestTimeout: 30_000 },
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    }),
  );
  return {
    place: `s3://${bucket}/${PREFIX}`,
    create: async (name, bytes) => {
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: `${PREFIX}${name}`,
            Body: bytes,
            ContentType: exportType,
            // 412 if the key has an object. 409, while another such write is under way, is thrown: that one may yet fail.
            IfNoneMatch: '*',
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412) return false;
        throw error;
      }
    },
  };
};
