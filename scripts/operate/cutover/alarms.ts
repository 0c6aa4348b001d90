/** Which of the environment's alarms sound. */
import { type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { Alarms } from './ports.ts';

/**
 * By the start of their names and not by the names, because one that is missing is left out silently. The state is looked
 * at here: a stand-in for AWS ignores StateValue beside AlarmNamePrefix.
 */
export const soundingAlarms =
  (client: CloudWatchClient, prefix: string): Alarms =>
  async () => {
    const sounding: string[] = [];
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms(
      { client },
      { AlarmNamePrefix: `${prefix}-`, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
    ))
      for (const { AlarmName, StateValue } of [...MetricAlarms, ...CompositeAlarms])
        if (StateValue === 'ALARM' && AlarmName !== undefined) sounding.push(AlarmName);
    return sounding.toSorted();
  };
