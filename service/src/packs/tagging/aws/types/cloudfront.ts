import {
  ListDistributionsCommand,
  ListTagsForResourceCommand,
  type Tags as TagItems,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudfront';
import { cloudfrontApi } from '../apis/cloudfront.ts';
import { toList } from './driver.ts';
import { pagedType } from './paged.ts';

/** XML has no element for an empty list. */
const itemsOf = (tags: TagItems | undefined) => tags && (tags.Items ?? []);

export const distribution = pagedType({
  type: 'cloudfront:distribution',
  api: cloudfrontApi,
  noun: ['distribution', 'distributions'],
  taggingFilter: 'cloudfront:distribution',
  missing: ['NoSuchResource'],
  page: (client, Marker, options) => client.send(new ListDistributionsCommand({ MaxItems: 100, Marker }), options),
  next: ({ DistributionList: list }) => (list?.IsTruncated ? list.NextMarker : undefined),
  items: ({ DistributionList: list }) => list?.Items ?? (list?.Quantity === 0 ? [] : undefined),
  resource: (each, { partition, accountId }, must) => {
    const id = must('id', each.Id);
    return {
      arn: `arn:${partition}:cloudfront::${accountId}:distribution/${id}`,
      id,
      state: must('status', each.Status),
    };
  },
  tags: async (client, { arn }, options) =>
    itemsOf((await client.send(new ListTagsForResourceCommand({ Resource: arn }), options)).Tags),
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ Resource: arn, Tags: { Items: toList(tags) } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ Resource: arn, TagKeys: { Items: [...keys] } }), options),
});
