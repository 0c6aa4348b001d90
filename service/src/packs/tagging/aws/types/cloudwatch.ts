import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import type { Arn } from '../../estate/arn.ts';
import { awsApi } from '../api.ts';
import { describedType } from './described.ts';
import { toList } from './driver.ts';

const nameIn = ({ arn }: Arn): string => arn.split(':alarm:')[1] ?? '';

/** Alarms of metrics, and composite ones. */
export const cloudwatchAlarm = describedType({
  type: 'cloudwatch:alarm',
  api: awsApi('cloudwatch', (config) => new CloudWatchClient(config)),
  noun: ['alarm', 'alarms'],
  taggingFilter: 'cloudwatch:alarm',
  readsAtOnce: 100,
  page: (client, { token, named }, options) =>
    client.send(
      new DescribeAlarmsCommand({
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        AlarmNames: named?.map(nameIn),
        MaxRecords: 100,
        NextToken: token,
      }),
      options,
    ),
  next: ({ NextToken }) => NextToken,
  items: ({ MetricAlarms, CompositeAlarms = [] }) => MetricAlarms && [...MetricAlarms, ...CompositeAlarms],
  resource: (alarm, _place, must) => ({
    arn: must('ARN', alarm.AlarmArn),
    id: must('name', alarm.AlarmName),
    state: must('state', alarm.StateValue),
    tags: null,
  }),
  tags: async (client, { arn }, options) =>
    (await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }), options)).Tags,
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ ResourceARN: arn, Tags: toList(tags) }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: [...keys] }), options),
});
