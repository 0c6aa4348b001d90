/** The bucket of the Terraform states: what it must be like, each quality looked at and corrected by itself. */

import { isDeepStrictEqual } from 'node:util';
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  type PutBucketLifecycleConfigurationCommandInput,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed, unlessMissing } from '../operated.ts';

export interface StateBucket {
  readonly name: string;
  readonly region: string;
  /** Whose it must be: a name that somebody else took first is not used. */
  readonly account: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** On every call. A bucket of another account is refused with 403. */
const of = ({ name, account }: StateBucket) => ({ Bucket: name, ExpectedBucketOwner: account });

interface Quality {
  readonly name: string;
  readonly isRight: (client: S3Client, bucket: StateBucket) => Promise<boolean>;
  /** Keeps what else was set. */
  readonly correct: (client: S3Client, bucket: StateBucket) => Promise<void>;
}

const closed = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

const Policy = z.object({
  Version: z.string().default('2012-10-17'),
  Statement: z.array(z.looseObject({})).default([]),
});

const tlsOnly = ({ name }: StateBucket) => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

const policyOf = async (client: S3Client, bucket: StateBucket): Promise<z.infer<typeof Policy>> => {
  const told = await unlessMissing(client.send(new GetBucketPolicyCommand(of(bucket))), 'NoSuchBucketPolicy');
  return Policy.parse(JSON.parse(told?.Policy ?? '{}'));
};

/** A state that was overwritten can be had back for three months, and the last twenty always. */
const oldStates: LifecycleRule = {
  ID: 'old-states',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 20 },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};

const lifecycleOf = async (client: S3Client, bucket: StateBucket): Promise<LifecycleRule[]> => {
  const command = new GetBucketLifecycleConfigurationCommand(of(bucket));
  const told = await unlessMissing(client.send(command), 'NoSuchLifecycleConfiguration');
  return told?.Rules ?? [];
};

const tagsOf = async (client: S3Client, bucket: StateBucket): Promise<Record<string, string>> => {
  const told = await unlessMissing(client.send(new GetBucketTaggingCommand(of(bucket))), 'NoSuchTagSet');
  return Object.fromEntries((told?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
};

export const qualities: readonly Quality[] = [
  {
    name: 'closed to the public',
    isRight: async (client, bucket) => {
      const told = await unlessMissing(
        client.send(new GetPublicAccessBlockCommand(of(bucket))),
        'NoSuchPublicAccessBlockConfiguration',
      );
      return isDeepStrictEqual({ ...told?.PublicAccessBlockConfiguration }, closed);
    },
    correct: async (client, bucket) => {
      await client.send(new PutPublicAccessBlockCommand({ ...of(bucket), PublicAccessBlockConfiguration: closed }));
    },
  },
  {
    name: 'owner enforced, no access lists',
    isRight: async (client, bucket) => {
      const told = await unlessMissing(
        client.send(new GetBucketOwnershipControlsCommand(of(bucket))),
        'OwnershipControlsNotFoundError',
      );
      return told?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced';
    },
    correct: async (client, bucket) => {
      const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
      await client.send(new PutBucketOwnershipControlsCommand({ ...of(bucket), OwnershipControls }));
    },
  },
  {
    name: 'versions',
    isRight: async (client, bucket) =>
      (await client.send(new GetBucketVersioningCommand(of(bucket)))).Status === 'Enabled',
    correct: async (client, bucket) => {
      const VersioningConfiguration = { Status: 'Enabled' as const };
      await client.send(new PutBucketVersioningCommand({ ...of(bucket), VersioningConfiguration }));
    },
  },
  {
    name: 'encryption',
    isRight: async (client, bucket) => {
      const told = await unlessMissing(
        client.send(new GetBucketEncryptionCommand(of(bucket))),
        'ServerSideEncryptionConfigurationNotFoundError',
      );
      const rule = told?.ServerSideEncryptionConfiguration?.Rules?.[0];
      return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== undefined;
    },
    correct: async (client, bucket) => {
      const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
      const ServerSideEncryptionConfiguration = { Rules };
      await client.send(new PutBucketEncryptionCommand({ ...of(bucket), ServerSideEncryptionConfiguration }));
    },
  },
  {
    name: 'TLS only',
    isRight: async (client, bucket) =>
      (await policyOf(client, bucket)).Statement.some((statement) => isDeepStrictEqual(statement, tlsOnly(bucket))),
    correct: async (client, bucket) => {
      const { Version, Statement } = await policyOf(client, bucket);
      const own = tlsOnly(bucket);
      const Policy = JSON.stringify({ Version, Statement: [...Statement.filter(({ Sid }) => Sid !== own.Sid), own] });
      await client.send(new PutBucketPolicyCommand({ ...of(bucket), Policy }));
    },
  },
  {
    name: 'lifecycle of old versions',
    isRight: async (client, bucket) =>
      (await lifecycleOf(client, bucket)).some(
        ({ Status, NoncurrentVersionExpiration }) =>
          Status === 'Enabled' && (NoncurrentVersionExpiration?.NoncurrentDays ?? 0) > 0,
      ),
    correct: async (client, bucket) => {
      const others = (await lifecycleOf(client, bucket)).filter(({ ID }) => ID !== oldStates.ID);
      const LifecycleConfiguration: PutBucketLifecycleConfigurationCommandInput['LifecycleConfiguration'] = {
        Rules: [...others, oldStates],
      };
      await client.send(new PutBucketLifecycleConfigurationCommand({ ...of(bucket), LifecycleConfiguration }));
    },
  },
  {
    name: 'tags',
    isRight: async (client, bucket) => {
      const there = await tagsOf(client, bucket);
      return Object.entries(bucket.tags).every(([key, value]) => there[key] === value);
    },
    correct: async (client, bucket) => {
      const all = { ...(await tagsOf(client, bucket)), ...bucket.tags };
      const TagSet = Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
      await client.send(new PutBucketTaggingCommand({ ...of(bucket), Tagging: { TagSet } }));
    },
  },
];

/** @throws OperatorProblem when the name is somebody else's, or the bucket stands in another region */
const bucketExists = async (client: S3Client, bucket: StateBucket): Promise<boolean> => {
  const { name, region, account } = bucket;
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand(of(bucket)));
    if (BucketRegion !== undefined && BucketRegion !== region)
      throw new OperatorProblem(`The bucket ${name} is in ${BucketRegion}: set state_region = "${BucketRegion}".`);
    return true;
  } catch (error) {
    if (isNamed(error, 'NotFound', 'NoSuchBucket')) return false;
    // HEAD has no body, so S3 says no more than the status.
    const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 301)
      throw new OperatorProblem(`The bucket ${name} is in another region than ${region}: correct state_region.`);
    if (status === 403)
      throw new OperatorProblem(
        `The bucket ${name} exists and is not of account ${account}, or these credentials may not look at it: choose another state_bucket, or ask for s3:ListBucket on it.`,
      );
    throw error;
  }
};

const create = async (client: S3Client, bucket: StateBucket): Promise<void> => {
  const { name, region } = bucket;
  await client.send(
    new CreateBucketCommand({
      Bucket: name,
      ObjectOwnership: 'BucketOwnerEnforced',
      // us-east-1 is the place without a name.
      ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } }),
    }),
  );
};

export interface Finding {
  readonly what: string;
  readonly state: 'right' | 'created' | 'corrected' | 'wrong';
}

/** Makes the bucket, or what is not right of it; with `dryRun` only looks. @throws OperatorProblem */
export const prepareBucket = async (
  client: S3Client,
  bucket: StateBucket,
  dryRun: boolean,
): Promise<readonly Finding[]> => {
  const exists = await bucketExists(client, bucket);
  if (!exists && dryRun)
    return ['exists', ...qualities.map(({ name }) => name)].map((what) => ({ what, state: 'wrong' }));
  if (!exists) await create(client, bucket);
  const findings: Finding[] = [{ what: 'exists', state: exists ? 'right' : 'created' }];
  for (const { name, isRight, correct } of qualities) {
    const right = await isRight(client, bucket);
    if (!right && !dryRun) await correct(client, bucket);
    findings.push({ what: name, state: right ? 'right' : dryRun ? 'wrong' : 'corrected' });
  }
  return findings;
};
