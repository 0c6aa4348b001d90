/** Whether the audit log is anchored outside of the database, so that who writes there cannot take it back unseen. */
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { anchorPrefix } from '../../../../contracts/anchors.ts';
import type { Settings } from '../../../../contracts/settings/resolve.ts';
import { unlessMissing } from '../../operated.ts';
import { absent, attention, type Check, type Judgement, ok } from '../check.ts';

const subject = 'audit log';

/** It is a decision of the settings, which somebody in prod should know of. */
export const judgeUnanchored = ({ kind }: Pick<Settings, 'kind'>): Judgement => {
  const says =
    'is not anchored (audit_archive = false): who writes to the store could take back what was appended. Keep reports of npm run audit:verify elsewhere';
  return kind === 'prod' ? attention(subject, says) : ok(subject, says);
};

export const anchors: Check = {
  name: 'anchors',
  applies: ({ settings }) => settings.container === 'countersign' && settings.store_mode !== 'none',
  look: async ({ deployment, client }) => {
    const { settings, names } = deployment;
    if (!settings.audit_archive) return [judgeUnanchored(settings)];
    const Bucket = names.bucket('archive');
    const command = new ListObjectsV2Command({ Bucket, Prefix: anchorPrefix, MaxKeys: 1 });
    const told = await unlessMissing(client(S3Client).send(command), 'NoSuchBucket');
    if (told === undefined) return [absent(Bucket)];
    return [
      (told.Contents ?? []).length > 0
        ? ok(subject, `is anchored in ${Bucket}`)
        : attention(subject, `has no anchor in ${Bucket} yet: the first start of the service writes one`),
    ];
  },
};
