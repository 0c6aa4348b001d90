/** For tests: a group of instances behind a load balancer on the stand-in for AWS, as Terraform makes them. */
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, CreateLaunchTemplateVersionCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { userData } from '../../../../modules/instances/user-data.ts';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { makeBalancer } from '../../../emulator/balancer.ts';
import { runningNames } from '../../running.ts';

/** What an instance of an image is started with. */
const templateOf = ({ region, settings }: Deployment, image: string) => ({
  ImageId: 'ami-12c6146b',
  InstanceType: 't3.micro' as const,
  UserData: Buffer.from(
    userData({
      name: settings.container_name,
      image,
      region,
      environment: {},
      secrets: {},
      logGroup: '/aws/ecs/app',
      logStreamPrefix: 'ecs',
      readonlyRoot: true,
      stopTimeout: 30,
    }),
  ).toString('base64'),
});

export interface Instanced {
  /** Versions of the template that the instances run, sorted. */
  versions(): Promise<readonly string[]>;
  /** Version that the group starts further instances from. */
  starts(): Promise<string | undefined>;
  /** States of the refreshes, the newest first, with their checkpoint. */
  refreshes(): Promise<readonly string[]>;
  /** Adds a version of the template, as a deployment does. */
  deploy(image: string): Promise<void>;
}

/** @param images of the versions of the template; the instances run the first */
export const deployInstances = async (deployment: Deployment, images: readonly string[]): Promise<Instanced> => {
  const { region, settings } = deployment;
  const scaling = new AutoScalingClient({ region });
  const ec2 = new EC2Client({ region });
  const name = runningNames(deployment).scalingGroup;
  await new S3Client({ region }).send(new CreateBucketCommand({ Bucket: settings.state_bucket }));
  const balancer = await makeBalancer(region, runningNames(deployment).loadBalancer);
  const TargetGroupArn = await balancer.group('instances', 3000, { type: 'instance' });
  await balancer.listen({ Type: 'forward', TargetGroupArn });
  const [first = '', ...others] = images;
  const LaunchTemplateData = templateOf(deployment, first);
  await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData }));
  const deploy = async (image: string): Promise<void> => {
    const data = templateOf(deployment, image);
    await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName: name, LaunchTemplateData: data }));
  };
  for (const image of others) await deploy(image);
  const group = { AutoScalingGroupName: name };
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      ...group,
      MinSize: 1,
      MaxSize: 4,
      DesiredCapacity: 4,
      LaunchTemplate: { LaunchTemplateName: name, Version: '1' },
      VPCZoneIdentifier: balancer.subnets.join(','),
      TargetGroupARNs: [TargetGroupArn],
    }),
  );
  const read = async () =>
    (await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })))
      .AutoScalingGroups?.[0];
  return {
    versions: async () =>
      ((await read())?.Instances ?? []).map((each) => each.LaunchTemplate?.Version ?? '').toSorted(),
    starts: async () => (await read())?.LaunchTemplate?.Version,
    refreshes: async () => {
      const { InstanceRefreshes = [] } = await scaling.send(new DescribeInstanceRefreshesCommand(group));
      return InstanceRefreshes.map(
        ({ Status, Preferences, DesiredConfiguration }) =>
          `${DesiredConfiguration?.LaunchTemplate?.Version} ${Preferences?.CheckpointPercentages?.at(-1) ?? 100} ${Status}`,
      );
    },
    deploy,
  };
};
