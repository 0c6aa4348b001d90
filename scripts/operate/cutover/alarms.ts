/** Which of the environment's alarms sound. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { alarmsOf } from '../alarms/of-environment.ts';
import type { Whose } from '../whose.ts';
import type { Alarms } from './ports.ts';

export const soundingAlarms =
  (client: CloudWatchClient, whose: Whose): Alarms =>
  async () => {
    const sounding = await alarmsOf(client, whose, ({ StateValue }) => StateValue === 'ALARM');
    return sounding.flatMap(({ AlarmName }) => (AlarmName === undefined ? [] : [AlarmName])).toSorted();
  };
