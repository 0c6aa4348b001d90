import {
  DescribeKeyCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-kms';
import { kmsApi } from '../apis/kms.ts';
import { namedType } from './named.ts';
import { tagPages } from './paged.ts';

export const kmsKey = namedType({
  type: 'kms:key',
  api: kmsApi,
  noun: ['key', 'keys'],
  taggingFilter: 'kms:key',
  missing: ['NotFoundException'],
  describesAtOnce: 1,
  page: (client, Marker, options) => client.send(new ListKeysCommand({ Limit: 1000, Marker }), options),
  next: ({ NextMarker }) => NextMarker,
  names: ({ Keys }) => Keys?.map(({ KeyId }) => KeyId),
  nameIn: ({ id }) => id,
  describe: (client, [KeyId], options) => client.send(new DescribeKeyCommand({ KeyId }), options),
  details: ({ KeyMetadata }) => KeyMetadata && [KeyMetadata],
  nameOf: ({ KeyId }) => KeyId,
  // Keys of AWS itself cannot be tagged, nor can those that wait to be deleted.
  // https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html
  resource: (key, _place, must) =>
    must('manager', key.KeyManager) === 'AWS' || key.KeyState?.startsWith('Pending') === true
      ? null
      : {
          arn: must('ARN', key.Arn),
          id: must('id', key.KeyId),
          state: must('state', key.KeyState),
          createdAt: key.CreationDate,
          tags: null,
        },
  tags: (client, { id }, options) =>
    tagPages(
      (Marker) => client.send(new ListResourceTagsCommand({ KeyId: id, Marker }), options),
      ({ NextMarker }) => NextMarker,
      ({ Tags }) => Tags?.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })),
    ),
  set: (client, { id }, tags, options) =>
    client.send(
      new TagResourceCommand({
        KeyId: id,
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      }),
      options,
    ),
  remove: (client, { id }, keys, options) =>
    client.send(new UntagResourceCommand({ KeyId: id, TagKeys: [...keys] }), options),
});
