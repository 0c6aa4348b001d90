/** A group of instances at AWS. */
import {
  AutoScalingClient,
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  type InstanceRefresh,
  paginateDescribeInstanceRefreshes,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type RefreshBounds, refreshBounds } from '../../../../modules/instances/refresh.ts';
import { imageIn } from '../../../../modules/instances/user-data.ts';
import { isNamed, unlessMissing } from '../../operated.ts';
import { type Beginning, type Group, Irreversible, type LiveGroup, type Refresh, RefreshBusy } from './group.ts';

/** An operator's calls share their quota with everything else in the account. */
const maxAttempts = 6;

/** A fault as its class, or as AWS' code for it. */
const is = (error: unknown, code: string): boolean => isNamed(error, code, `${code}Fault`);

const unlessBusy = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const busy = ['InstanceRefreshInProgress', 'ActiveInstanceRefreshNotFound', 'ResourceContention'];
    if (busy.some((code) => is(error, code))) throw new RefreshBusy(message, { cause: error });
    if (is(error, 'IrreversibleInstanceRefresh')) throw new Irreversible(message, { cause: error });
    throw error;
  }
};

const refreshOf = ({ InstanceRefreshId = '', Status, ...told }: InstanceRefresh): Refresh => ({
  id: InstanceRefreshId,
  status: Status ?? 'unknown',
  reason: told.StatusReason,
  version: told.DesiredConfiguration?.LaunchTemplate?.Version,
  share: told.Preferences?.CheckpointPercentages?.at(-1) ?? 100,
});

const groupOn = (client: AutoScalingClient, AutoScalingGroupName: string) => async (): Promise<Group | undefined> => {
  const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] });
  const [found] = (await client.send(asked)).AutoScalingGroups ?? [];
  if (found === undefined) return undefined;
  return {
    template: found.LaunchTemplate?.LaunchTemplateId,
    // AWS leaves it out where it is the default.
    version: found.LaunchTemplate?.Version ?? '$Default',
    desired: found.DesiredCapacity ?? 0,
    min: found.MinSize ?? 0,
    max: found.MaxSize ?? 0,
    instances: (found.Instances ?? []).map(({ LaunchTemplate, LifecycleState = '' }) => ({
      version: LaunchTemplate?.Version,
      state: LifecycleState,
    })),
    targetGroup: found.TargetGroupARNs?.[0],
    suspended: (found.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
  };
};

const refreshesOn = (client: AutoScalingClient, AutoScalingGroupName: string) => async (after: string) => {
  const found: Refresh[] = [];
  for await (const { InstanceRefreshes = [] } of paginateDescribeInstanceRefreshes(
    { client },
    { AutoScalingGroupName },
  ))
    for (const each of InstanceRefreshes) {
      if (each.InstanceRefreshId === after) return found;
      found.push(refreshOf(each));
    }
  return found;
};

const preferences = ({ share, bakeSeconds, goesBack, alarms }: Beginning, { minimum, maximum }: RefreshBounds) => ({
  MinHealthyPercentage: minimum,
  MaxHealthyPercentage: maximum,
  // Those of an earlier share stay.
  SkipMatching: true,
  ...(share < 100 && { CheckpointPercentages: [share], CheckpointDelay: 0 }),
  BakeTime: bakeSeconds,
  AutoRollback: goesBack,
  ...(alarms.length > 0 && { AlarmSpecification: { Alarms: [...alarms] } }),
});

const templatesOn = (ec2: EC2Client): Pick<LiveGroup, 'newest' | 'image'> => {
  const read = async (LaunchTemplateId: string, version: string) => {
    const asked = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [version] });
    const missing = ['InvalidLaunchTemplateId.NotFound', 'InvalidLaunchTemplateId.VersionNotFound'] as const;
    return (await unlessMissing(ec2.send(asked), ...missing))?.LaunchTemplateVersions?.[0];
  };
  return {
    newest: async (template) => (await read(template, '$Latest'))?.VersionNumber?.toString(),
    image: async (template, version) => {
      const found = await read(template, version);
      if (found === undefined) return undefined;
      return imageIn(Buffer.from(found.LaunchTemplateData?.UserData ?? '', 'base64').toString('utf8')) ?? '';
    },
  };
};

export const autoScalingGroup = (region: string, name: string, bounds: RefreshBounds): LiveGroup => {
  const client = new AutoScalingClient({ region, maxAttempts });
  const named = { AutoScalingGroupName: name };
  return {
    name,
    read: groupOn(client, name),
    refreshes: refreshesOn(client, name),
    ...templatesOn(new EC2Client({ region, maxAttempts })),
    begin: (beginning) => {
      const { template: LaunchTemplateId, version: Version } = beginning;
      const DesiredConfiguration = { LaunchTemplate: { LaunchTemplateId, Version } };
      const Preferences = preferences(beginning, refreshBounds(bounds));
      return unlessBusy(
        client.send(
          new StartInstanceRefreshCommand({ ...named, Strategy: 'Rolling', DesiredConfiguration, Preferences }),
        ),
      );
    },
    cancel: () => unlessBusy(client.send(new CancelInstanceRefreshCommand(named))),
    rollBack: () => unlessBusy(client.send(new RollbackInstanceRefreshCommand(named))),
  };
};

/** ARN of the load balancer in front of a target group; empty where there is none. */
export const balancerOf = async (region: string, targetGroup: string): Promise<string> => {
  const client = new ElasticLoadBalancingV2Client({ region, maxAttempts });
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroup] }));
  return TargetGroups[0]?.LoadBalancerArns?.[0] ?? '';
};
