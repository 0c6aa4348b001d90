/** The alarms of an environment: by the start of their names, and by their tags where these name another environment. */
import {
  type CloudWatchClient,
  type CompositeAlarm,
  ListTagsForResourceCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { isOthers, type Whose } from '../whose.ts';

const isAnothers = async (
  client: CloudWatchClient,
  whose: Whose,
  ResourceARN: string | undefined,
): Promise<boolean> => {
  if (ResourceARN === undefined) return false;
  const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
  return isOthers(whose, Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value])));
};

/**
 * By the start of their names and not by the names, because one that is missing is left out silently.
 * @param wanted asked before the tags, so that few are read. A stand-in for AWS ignores StateValue beside AlarmNamePrefix
 */
const found = async <A extends MetricAlarm | CompositeAlarm>(
  client: CloudWatchClient,
  whose: Whose,
  all: AsyncIterable<readonly A[]>,
  wanted: (alarm: A) => boolean,
): Promise<readonly A[]> => {
  const own: A[] = [];
  for await (const page of all)
    for (const alarm of page) if (wanted(alarm) && !(await isAnothers(client, whose, alarm.AlarmArn))) own.push(alarm);
  return own;
};

/** @param wanted those that matter; default: all */
export const metricAlarmsOf = (
  client: CloudWatchClient,
  whose: Whose,
  wanted: (alarm: MetricAlarm) => boolean = () => true,
): Promise<readonly MetricAlarm[]> => {
  const pages = async function* (): AsyncGenerator<readonly MetricAlarm[]> {
    const asked = { AlarmNamePrefix: `${whose.name_prefix}-`, AlarmTypes: ['MetricAlarm' as const] };
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, asked)) yield MetricAlarms;
  };
  return found(client, whose, pages(), wanted);
};

/** Metric and composite ones. @param wanted those that matter */
export const alarmsOf = (
  client: CloudWatchClient,
  whose: Whose,
  wanted: (alarm: MetricAlarm | CompositeAlarm) => boolean,
): Promise<readonly (MetricAlarm | CompositeAlarm)[]> => {
  const pages = async function* (): AsyncGenerator<readonly (MetricAlarm | CompositeAlarm)[]> {
    const AlarmTypes = ['MetricAlarm' as const, 'CompositeAlarm' as const];
    const asked = { AlarmNamePrefix: `${whose.name_prefix}-`, AlarmTypes };
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, asked))
      yield [...MetricAlarms, ...CompositeAlarms];
  };
  return found(client, whose, pages(), wanted);
};
