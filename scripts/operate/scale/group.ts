/** Count and bounds of a group of instances. */
import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Scalable } from './scalable.ts';

export const scalableGroup = (client: AutoScalingClient, AutoScalingGroupName: string): Scalable => ({
  name: `instances ${AutoScalingGroupName}`,
  read: async () => {
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] });
    const [group] = (await client.send(command)).AutoScalingGroups ?? [];
    if (group === undefined) return undefined;
    const { DesiredCapacity: desired = 0, MinSize: min = 0, MaxSize: max = 0 } = group;
    return { desired, bounds: { min, max } };
  },
  write: async ({ desired, bounds }) => {
    await client.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName,
        DesiredCapacity: desired,
        MinSize: bounds?.min,
        MaxSize: bounds?.max,
      }),
    );
  },
});
