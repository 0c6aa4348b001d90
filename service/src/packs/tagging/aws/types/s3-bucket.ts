import {
  DeleteBucketTaggingCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import type { Arn } from '../../arn.ts';
import type { Resource, Tags } from '../../estate.ts';
import { inParallel } from '../parallel.ts';
import { type Bucket, type Place, pages } from '../place.ts';
import { iso, type Listed, saysMissing, type TypeDriver, tagsFrom, toList } from './driver.ts';

const PAGE = 1000;
const AT_ONCE = 8;

/** Regions that GetBucketLocation spells in its own way. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
const spelled: Readonly<Record<string, string>> = { '': 'us-east-1', EU: 'eu-west-1' };

const locate = async (place: Place, name: string): Promise<string> => {
  const { LocationConstraint: told = '' } = await place.send('s3', (client, options) =>
    client.send(new GetBucketLocationCommand({ Bucket: name }), options),
  );
  return spelled[told] ?? told;
};

/** Every bucket of the account, wherever it is. */
const listAll = async (place: Place): Promise<Bucket[]> => {
  const found: { name: string; region: string | undefined; createdAt: string | null }[] = [];
  const answers = pages(
    (ContinuationToken) =>
      place.send('s3', (client, options) =>
        client.send(new ListBucketsCommand({ MaxBuckets: PAGE, ContinuationToken }), options),
      ),
    (answer) => answer.ContinuationToken,
  );
  for await (const { Buckets = [] } of answers)
    for (const { Name: name, BucketRegion: region, CreationDate: created } of Buckets)
      if (name !== undefined) found.push({ name, region, createdAt: iso(created) });
  return inParallel(found, AT_ONCE, async (each) => ({
    ...each,
    region: each.region ?? (await locate(place, each.name)),
  }));
};

const resourceOf = (bucket: Bucket, tags: Tags | null, { accountId, partition }: Place): Listed => ({
  arn: `arn:${partition}:s3:::${bucket.name}`,
  type: 's3:bucket',
  accountId,
  region: bucket.region,
  id: bucket.name,
  tags,
  state: 'available',
  createdAt: bucket.createdAt,
});

const tagsOf = async (place: Place, name: string): Promise<Tags | undefined> => {
  try {
    const { TagSet } = await place.send('s3', (client, options) =>
      client.send(new GetBucketTaggingCommand({ Bucket: name }), options),
    );
    return tagsFrom(TagSet);
  } catch (error) {
    if (saysMissing(error, 'NoSuchTagSet')) return {};
    if (saysMissing(error, 'NoSuchBucket')) return undefined;
    throw error;
  }
};

/** S3 has no way to change one tag: the whole set is written. Reserved tags are S3's own and may not be sent back. */
const rewrite = async (place: Place, { id }: Arn, change: (tags: Tags) => Tags): Promise<void> => {
  const tags = change((await tagsOf(place, id)) ?? {});
  const own = Object.fromEntries(Object.entries(tags).filter(([key]) => !/^aws:/i.test(key)));
  await place.send('s3', (client, options) =>
    Object.keys(own).length === 0
      ? client.send(new DeleteBucketTaggingCommand({ Bucket: id }), options)
      : client.send(new PutBucketTaggingCommand({ Bucket: id, Tagging: { TagSet: toList(own) } }), options),
  );
};

/** The account's buckets, listed once however many regions ask. */
export const bucketsOnce = (place: Place): Promise<readonly Bucket[]> => {
  const { buckets } = place.shared;
  const listing = buckets.get(place.accountId) ?? listAll(place);
  buckets.set(place.accountId, listing);
  return listing;
};

export const s3Bucket: TypeDriver = {
  type: 's3:bucket',
  service: 's3',
  taggingFilter: 's3',
  list: async (place) =>
    (await bucketsOnce(place))
      .filter((bucket) => bucket.region === place.region)
      .map((bucket) => resourceOf(bucket, null, place)),
  read: async (place, arns) => {
    const held = new Map((await bucketsOnce(place)).map((bucket) => [bucket.name, bucket]));
    const read = await inParallel(arns, AT_ONCE, async ({ id }): Promise<Resource[]> => {
      const bucket = held.get(id);
      const tags = bucket === undefined ? undefined : await tagsOf(place, id);
      return bucket === undefined || tags === undefined ? [] : [{ ...resourceOf(bucket, tags, place), tags }];
    });
    return read.flat();
  },
  tag: (place, arn, tags) => rewrite(place, arn, (held) => ({ ...held, ...tags })),
  untag: (place, arn, keys) =>
    rewrite(place, arn, (held) => Object.fromEntries(Object.entries(held).filter(([key]) => !keys.includes(key)))),
};
