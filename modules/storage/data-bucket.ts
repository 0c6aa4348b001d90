/** The bucket of a service's own data, in folders. */
import { S3BucketCorsConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-cors-configuration/index.js';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
import { Construct } from 'constructs';
import type { ObjectsRule } from '../../contracts/packs/pack.ts';
import { dataFolders } from '../../contracts/settings/data.ts';
import { Bucket, type BucketProps } from './bucket.ts';
import type { LifecycleRule } from './lifecycle.ts';

export interface DataBucketProps extends Pick<BucketProps, 'name' | 'keyArn' | 'deletionProtection' | 'accessLogs'> {
  readonly versioned: boolean;
  /** Moves logs/ to cheaper classes, and removes temp/ and old versions. */
  readonly lifecycle: boolean;
  /** What becomes of objects of packs, whatever `lifecycle` says of the folders. */
  readonly ofPacks: Readonly<Record<string, ObjectsRule>>;
  /** Browser origins that may read and write through pre-signed URLs. */
  readonly corsOrigins: readonly string[];
}

const ageing = (versioned: boolean): LifecycleRule[] => [
  { id: 'temp', prefix: 'temp/', expireDays: 7 },
  {
    id: 'logs',
    prefix: 'logs/',
    transitions: [
      { days: 30, to: 'STANDARD_IA' },
      { days: 90, to: 'GLACIER' },
    ],
    expireDays: 365,
  },
  ...(versioned ? [{ id: 'old-versions', expireOldVersionsDays: 30 }] : []),
];

/** S3 removes marks of what has expired by itself; of what a pack removed it does where it is told to. */
const ofPack = (
  prefix: string,
  { removeAfterDays, keepVersionsDays }: ObjectsRule,
  versioned: boolean,
): LifecycleRule[] => {
  const versions = versioned ? keepVersionsDays : undefined;
  if (removeAfterDays === undefined && versions === undefined) return [];
  return [
    {
      id: prefix.slice(0, -1).replaceAll('/', '-'),
      prefix,
      ...(removeAfterDays === undefined ? { removeMarks: true } : { expireDays: removeAfterDays }),
      ...(versions !== undefined && { expireOldVersionsDays: versions }),
    },
  ];
};

export class DataBucket extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const { versioned, lifecycle, ofPacks, corsOrigins } = props;
    const packRules = Object.entries(ofPacks).flatMap(([prefix, rule]) => ofPack(prefix, rule, versioned));
    const bucket = new Bucket(this, 'bucket', {
      ...props,
      address: 'bucket_data',
      lifecycle: [...(lifecycle ? ageing(versioned) : []), ...packRules],
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
    // Consoles show folders from the start; S3 itself has none.
    for (const folder of dataFolders)
      new S3Object(this, folder, {
        bucket: bucket.name,
        key: `${folder}/`,
        content: '',
        dependsOn: bucket.versioning && [bucket.versioning],
      });
    if (corsOrigins.length > 0)
      new S3BucketCorsConfiguration(this, 'cors', {
        bucket: bucket.name,
        corsRule: [
          {
            allowedOrigins: [...corsOrigins],
            allowedMethods: ['GET', 'HEAD', 'PUT', 'POST'],
            allowedHeaders: ['*'],
            exposeHeaders: ['ETag'],
            maxAgeSeconds: 3600,
          },
        ],
      });
  }
}
