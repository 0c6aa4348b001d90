import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Arn } from '../../estate/arn.ts';
import { awsApi } from '../api.ts';
import { describedType } from './described.ts';

/** A name has slashes. */
const nameIn = ({ arn }: Arn): string | undefined => arn.split(':log-group:')[1];

export const logGroup = describedType({
  type: 'logs:log-group',
  api: awsApi('logs', (config) => new CloudWatchLogsClient(config)),
  noun: ['log group', 'log groups'],
  taggingFilter: 'logs',
  readsAtOnce: 1,
  missing: ['ResourceNotFoundException'],
  page: (client, { token, named }, options) =>
    client.send(
      new DescribeLogGroupsCommand({
        nextToken: token,
        limit: 50,
        // Those with longer names come too. logGroupIdentifiers would name one, and fails where it does not exist.
        logGroupNamePrefix: named?.[0] && nameIn(named[0]),
      }),
      options,
    ),
  next: ({ nextToken }) => nextToken,
  items: ({ logGroups }) => logGroups,
  resource: (group, _place, must) => ({
    // `arn` ends with :*, which the tagging API does not take.
    arn: group.logGroupArn ?? must('ARN', group.arn).replace(/:\*$/, ''),
    id: must('name', group.logGroupName),
    createdAt: group.creationTime === undefined ? undefined : new Date(group.creationTime),
    tags: null,
  }),
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ resourceArn: arn }), options)).tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
});
