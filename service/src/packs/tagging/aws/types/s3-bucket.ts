import {
  DeleteBucketTaggingCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import type { Arn } from '../../estate/arn.ts';
import type { Resource, Tags } from '../../estate/estate.ts';
import { isSystemTag } from '../../policy/tag-rules.ts';
import { s3Api } from '../apis/s3.ts';
import { withBody } from '../body.ts';
import { MalformedAnswer, member } from '../failure.ts';
import { inParallel } from '../parallel.ts';
import { type Bucket, type Buckets, type Place, pages } from '../place.ts';
import {
  AccountListingError,
  iso,
  type Listed,
  type ResourceListing,
  saysMissing,
  type TypeDriver,
  tagsFrom,
  toList,
} from './driver.ts';

const PAGE = 1000;
const AT_ONCE = 8;

/** Regions that GetBucketLocation spells in its own way. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
const spelled: Readonly<Record<string, string>> = { '': 'us-east-1', EU: 'eu-west-1' };

/** Where a bucket is. us-east-1 is told by an empty element, so only the text can tell it from an empty answer. */
const locate = async (place: Place, name: string): Promise<string> => {
  const command = new GetBucketLocationCommand({ Bucket: name });
  let text = '';
  withBody(command, (body) => {
    text = body;
  });
  const answer = await place.send(s3Api, (client, options) => client.send(command, options));
  if (!text.includes('LocationConstraint')) throw new MalformedAnswer('s3', 'the LocationConstraint of a bucket');
  const told = answer.LocationConstraint ?? '';
  return spelled[told] ?? told;
};

interface Found {
  readonly name: string;
  readonly region: string | undefined;
  readonly createdAt: string | null;
}

/** Every bucket of the account, wherever it is. */
const listAll = async (place: Place): Promise<Buckets> => {
  const found: Found[] = [];
  const answers = pages(
    (ContinuationToken) =>
      place.send(s3Api, (client, options) =>
        client.send(new ListBucketsCommand({ MaxBuckets: PAGE, ContinuationToken }), options),
      ),
    (answer) => answer.ContinuationToken,
  );
  for await (const { Buckets } of answers)
    for (const { Name, BucketRegion: region, CreationDate: created } of member('s3', 'Buckets', Buckets))
      found.push({ name: member('s3', 'the name of a bucket', Name), region, createdAt: iso(created) });
  const unlocated = new Map<string, unknown>();
  const located = await inParallel(found, AT_ONCE, async (each): Promise<Bucket[]> => {
    try {
      return [{ ...each, region: each.region ?? (await locate(place, each.name)) }];
    } catch (error) {
      // Deleted since it was listed.
      if (!saysMissing(error, 'NoSuchBucket')) unlocated.set(each.name, error);
      return [];
    }
  });
  return { located: located.flat(), unlocated };
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

/** All tags of a bucket, S3's own included; undefined where there is no such bucket. */
const tagsOf = async (place: Place, name: string): Promise<Tags | undefined> => {
  try {
    const { TagSet } = await place.send(s3Api, (client, options) =>
      client.send(new GetBucketTaggingCommand({ Bucket: name }), options),
    );
    return tagsFrom('s3', member('s3', 'the TagSet of a bucket', TagSet));
  } catch (error) {
    if (saysMissing(error, 'NoSuchTagSet')) return {};
    if (saysMissing(error, 'NoSuchBucket')) return undefined;
    throw error;
  }
};

/**
 * S3 has no way to change one tag: the whole set is read, changed and written, at once, so that little can come between.
 * Tags that begin with aws: belong to AWS and go back as they came: S3 answers InvalidTag to a set that lacks them.
 * @throws when the set cannot be read: what was not read is not rewritten
 */
const rewrite = async (place: Place, { id }: Arn, change: (tags: Tags) => Tags): Promise<void> => {
  const held = await tagsOf(place, id);
  if (held === undefined) throw Object.assign(new Error('no such bucket'), { name: 'NoSuchBucket' });
  const system = Object.fromEntries(Object.entries(held).filter(([key]) => isSystemTag(key)));
  const tags = { ...change(held), ...system };
  await place.send(s3Api, (client, options) =>
    Object.keys(tags).length === 0
      ? client.send(new DeleteBucketTaggingCommand({ Bucket: id }), options)
      : client.send(new PutBucketTaggingCommand({ Bucket: id, Tagging: { TagSet: toList(tags) } }), options),
  );
};

/** The account's buckets, listed once however many regions ask. */
export const bucketsOnce = (place: Place): Promise<Buckets> => {
  const { buckets } = place.shared;
  const listing = buckets.get(place.accountId) ?? listAll(place);
  buckets.set(place.accountId, listing);
  return listing;
};

const inRegion = async (place: Place): Promise<ResourceListing> => {
  const { located, unlocated } = await bucketsOnce(place).catch((cause: unknown) => {
    throw new AccountListingError('buckets', { cause });
  });
  const resources = located
    .filter((bucket) => bucket.region === place.region)
    .map((bucket) => resourceOf(bucket, null, place));
  const [error] = unlocated.values();
  if (error === undefined) return { resources };
  const what = `the region of ${unlocated.size} of ${located.length + unlocated.size} buckets could not be read`;
  return { resources, unread: { what, error: new AccountListingError('locations', { cause: error }) } };
};

export const s3Bucket: TypeDriver = {
  type: 's3:bucket',
  service: 's3',
  taggingFilter: 's3',
  readsAtOnce: 1,
  list: inRegion,
  read: async (place, arns) => {
    const { located } = await bucketsOnce(place);
    const found: Resource[] = [];
    for (const { id } of arns) {
      const bucket = located.find((each) => each.name === id);
      const tags = bucket === undefined ? undefined : await tagsOf(place, id);
      if (bucket !== undefined && tags !== undefined) found.push({ ...resourceOf(bucket, tags, place), tags });
    }
    return found;
  },
  tag: (place, arn, tags) => rewrite(place, arn, (held) => ({ ...held, ...tags })),
  untag: (place, arn, keys) =>
    rewrite(place, arn, (held) => Object.fromEntries(Object.entries(held).filter(([key]) => !keys.includes(key)))),
};
