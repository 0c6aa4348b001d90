/** A group of instances that run one container each, behind a load balancer. */
import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group/index.js';
import { AutoscalingPolicy } from '@cdktf/provider-aws/lib/autoscaling-policy/index.js';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js';
import { Fn, type ITerraformDependable, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { refreshBounds } from './refresh.ts';
import { type BootProps, userData } from './user-data.ts';

export interface InstancesProps {
  readonly name: string;
  /** Amazon Linux 2023. */
  readonly amiId: string;
  readonly instanceType: string;
  /** GB. */
  readonly diskGb: number;
  readonly profileName: string;
  /** One a zone. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** In public subnets there is no other way out. */
  readonly publicIp: boolean;
  readonly targetGroupArns: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** CPU to keep near, in percent. Default: the count stays. */
  readonly cpuTarget?: number | undefined;
  /** Seconds a new instance may fail the load balancer's checks: it boots, and pulls its image. */
  readonly healthGrace: number;
  /** Least and most instances while they are replaced, in percent; see `refreshBounds`. */
  readonly minimumPercent: number;
  readonly maximumPercent: number;
  /** Whether a new template replaces the instances at once. Else the group stays at its version, and others move it. */
  readonly replacedByTerraform: boolean;
  readonly boot: BootProps;
  /** Tags of the instances and their disks. */
  readonly tags: Readonly<Record<string, string>>;
  readonly dependsOn: readonly ITerraformDependable[];
}

const hardened = {
  // Tokens only, and not past the instance itself: see the container's network in user-data.ts.
  metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
  monitoring: { enabled: true },
};

export class Instances extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    const group = this.#group(props, this.#template(props));
    this.name = group.name;
    this.arn = group.arn;
    if (props.cpuTarget === undefined) return;
    new AutoscalingPolicy(this, 'cpu', {
      name: `${props.name}-cpu`,
      autoscalingGroupName: group.name,
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: {
        targetValue: props.cpuTarget,
        predefinedMetricSpecification: { predefinedMetricType: 'ASGAverageCPUUtilization' },
      },
    });
  }

  #template(props: InstancesProps): LaunchTemplate {
    const { name, tags } = props;
    // A local, for a function's own argument loses the references in a text.
    const boot = new TerraformLocal(this, 'boot', userData(props.boot));
    return new LaunchTemplate(this, 'template', {
      name,
      imageId: props.amiId,
      instanceType: props.instanceType,
      updateDefaultVersion: true,
      // No key pair: people come in through Session Manager, which logs them.
      iamInstanceProfile: { name: props.profileName },
      ...hardened,
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeType: 'gp3', volumeSize: props.diskGb, encrypted: 'true', deleteOnTermination: 'true' },
        },
      ],
      networkInterfaces: [
        {
          associatePublicIpAddress: String(props.publicIp),
          securityGroups: [...props.securityGroupIds],
          deleteOnTermination: 'true',
        },
      ],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: { Name: name, ...tags },
      })),
      userData: Fn.base64encode(boot.asString),
    });
  }

  #group(props: InstancesProps, template: LaunchTemplate): AutoscalingGroup {
    const { minimum, maximum } = refreshBounds({ minimum: props.minimumPercent, maximum: props.maximumPercent });
    const ignored = [
      ...(props.cpuTarget === undefined ? [] : ['desired_capacity']),
      ...(props.replacedByTerraform ? [] : ['launch_template[0].version']),
    ];
    return new AutoscalingGroup(this, 'group', {
      name: props.name,
      minSize: props.min,
      maxSize: props.max,
      desiredCapacity: props.desired,
      vpcZoneIdentifier: [...props.subnetIds],
      targetGroupArns: [...props.targetGroupArns],
      // An instance whose service does not answer is replaced, not only one that is down.
      healthCheckType: 'ELB',
      healthCheckGracePeriod: props.healthGrace,
      defaultInstanceWarmup: props.healthGrace,
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      ...(props.replacedByTerraform && {
        instanceRefresh: {
          strategy: 'Rolling',
          preferences: { minHealthyPercentage: minimum, maxHealthyPercentage: maximum, autoRollback: true },
        },
      }),
      enabledMetrics: ['GroupInServiceInstances', 'GroupDesiredCapacity', 'GroupTotalInstances'],
      dependsOn: [...props.dependsOn],
      ...(ignored.length > 0 && { lifecycle: { ignoreChanges: ignored } }),
    });
  }
}
