/** An object of the state bucket, for roles that may list only the keys that they read. */
import { GetObjectCommand, type GetObjectCommandOutput, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { isNamed } from './operated.ts';

export interface ObjectPlace {
  readonly Bucket: string;
  readonly Key: string;
}

/**
 * Who may list only some keys is answered 403 for an object that is not there, as for one that may not be read:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
const isAbsent = async (client: S3Client, { Bucket, Key }: ObjectPlace, error: unknown): Promise<boolean> => {
  if (isNamed(error, 'NoSuchKey', 'NoSuchBucket')) return true;
  if (!isNamed(error, 'AccessDenied')) return false;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
  return Contents.every((each) => each.Key !== Key);
};

/** Undefined where there is no such object. */
export const readObject = async (client: S3Client, place: ObjectPlace): Promise<GetObjectCommandOutput | undefined> => {
  try {
    return await client.send(new GetObjectCommand(place));
  } catch (error) {
    if (await isAbsent(client, place, error)) return undefined;
    throw error;
  }
};
