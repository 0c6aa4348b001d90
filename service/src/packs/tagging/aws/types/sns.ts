import {
  ListTagsForResourceCommand,
  ListTopicsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { snsApi } from '../apis/sns.ts';
import { toList } from './driver.ts';
import { pagedType, resourceIn } from './paged.ts';

export const snsTopic = pagedType({
  type: 'sns:topic',
  api: snsApi,
  noun: ['topic', 'topics'],
  // The ARN of a topic has no type in it.
  taggingFilter: 'sns',
  missing: ['ResourceNotFoundException'],
  page: (client, NextToken, options) => client.send(new ListTopicsCommand({ NextToken }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ Topics }) => Topics,
  resource: ({ TopicArn }, _place, must) => {
    const arn = must('ARN', TopicArn);
    return { arn, id: resourceIn(arn) };
  },
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }), options)).Tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceArn: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: [...keys] }), options),
});
