import {
  AddTagsToStreamCommand,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  RemoveTagsFromStreamCommand,
} from '@aws-sdk/client-kinesis';
import { kinesisApi } from '../apis/kinesis.ts';
import { pagedType, tagPages } from './paged.ts';

export const kinesisStream = pagedType({
  type: 'kinesis:stream',
  api: kinesisApi,
  noun: ['stream', 'streams'],
  taggingFilter: 'kinesis:stream',
  missing: ['ResourceNotFoundException'],
  page: (client, NextToken, options) => client.send(new ListStreamsCommand({ Limit: 1000, NextToken }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ StreamSummaries }) => StreamSummaries,
  resource: (stream, _place, must) => ({
    arn: must('ARN', stream.StreamARN),
    id: must('name', stream.StreamName),
    state: must('status', stream.StreamStatus),
    createdAt: stream.StreamCreationTimestamp,
  }),
  tags: (client, { arn }, options) =>
    tagPages(
      (after) => client.send(new ListTagsForStreamCommand({ StreamARN: arn, ExclusiveStartTagKey: after }), options),
      ({ HasMoreTags, Tags }) => (HasMoreTags ? Tags?.at(-1)?.Key : undefined),
      ({ Tags }) => Tags,
    ),
  set: (client, { arn }, tags, options) =>
    client.send(new AddTagsToStreamCommand({ StreamARN: arn, Tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new RemoveTagsFromStreamCommand({ StreamARN: arn, TagKeys: [...keys] }), options),
});
