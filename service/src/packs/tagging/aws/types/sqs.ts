import { ListQueuesCommand, ListQueueTagsCommand, TagQueueCommand, UntagQueueCommand } from '@aws-sdk/client-sqs';
import { sqsApi } from '../apis/sqs.ts';
import { arnIn, pagedType, resourceIn } from './paged.ts';

/** Which queue is meant: SQS takes the account and the name from its URL. */
const urlOf = (arn: string): string => {
  const [, , , region, account] = arn.split(':');
  return `https://sqs.${region}.amazonaws.com/${account}/${resourceIn(arn)}`;
};

export const sqsQueue = pagedType({
  type: 'sqs:queue',
  api: sqsApi,
  noun: ['queue', 'queues'],
  // The ARN of a queue has no type in it.
  taggingFilter: 'sqs',
  missing: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  // Without MaxResults it tells of 1,000 queues, and of no page after them.
  page: (client, NextToken, options) => client.send(new ListQueuesCommand({ MaxResults: 1000, NextToken }), options),
  next: ({ NextToken }) => NextToken,
  // apis/sqs.ts: an empty list is left out, and an answer of nothing is refused.
  items: ({ QueueUrls }) => QueueUrls ?? [],
  resource: (url, place) => {
    const name = url.split('/').at(-1) ?? url;
    return { arn: arnIn(place, 'sqs', name), id: name };
  },
  tags: async (client, { arn }, options) =>
    (await client.send(new ListQueueTagsCommand({ QueueUrl: urlOf(arn) }), options)).Tags ?? {},
  set: (client, { arn }, tags, options) =>
    client.send(new TagQueueCommand({ QueueUrl: urlOf(arn), Tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagQueueCommand({ QueueUrl: urlOf(arn), TagKeys: [...keys] }), options),
});
