/** What both ways of running containers, tasks and instances, need of an environment. */
import type { ITerraformDependable } from 'cdktf';
import type { Settings } from '../../contracts/settings/resolve.ts';
import type { HealthProps } from '../container/definition.ts';
import { containerEnvironment } from '../container/environment.ts';
import { containerSecrets } from '../container/secrets.ts';
import type { ContainerLogs } from './container-logs.ts';
import type { Deployment } from './deployment.ts';
import type { AuthOutputs, Colour, NetworkOutputs, StorageOutputs } from './outputs.ts';

export interface WorkloadProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs;
  readonly storage: StorageOutputs;
  readonly auth: AuthOutputs;
  readonly logs: ContainerLogs;
  /** URLs of the work queues, by their name in the contract or the settings. */
  readonly queueUrls: Readonly<Record<string, string>>;
  /** Origin people and clients type, without a path. */
  readonly publicUrl: string;
  /** What the containers may do. */
  readonly taskRoleArn: string;
  /** What ECS may do to start them. */
  readonly executionRoleArn: string;
  /** With compute_mode ec2: carries both roles' permissions and those of Session Manager. */
  readonly instanceProfileName?: string | undefined;
  /** One of every colour of the shape. */
  readonly targetGroups: Readonly<Partial<Record<Colour, ServedTargetGroup>>>;
  /** Of the load balancer that is there now, to count requests per target. */
  readonly loadBalancerArnSuffix?: string | undefined;
  /** Names of alarms that roll a deployment back. Default: none. */
  readonly rollbackAlarms?: readonly string[];
  /** The listener rules of the target groups, and the policies of the roles. */
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface ServedTargetGroup {
  readonly arn: string;
  readonly arnSuffix: string;
  readonly port: number;
}

const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
};

/** What differs between the colours. */
export interface ColourParts {
  readonly image: string;
  readonly targetGroup: ServedTargetGroup;
  readonly environment: Readonly<Record<string, string>>;
}

export const colourParts = (props: WorkloadProps, colour: Colour): ColourParts => {
  const { settings, shape, region } = props.deployment;
  const targetGroup = present(props.targetGroups[colour], `the target group ${colour}`);
  return {
    image: present(settings[`image_${colour}`], 'container_image'),
    targetGroup,
    environment: containerEnvironment({
      ...props,
      settings,
      shape,
      region,
      mailSet: props.deployment.names.with('mail'),
      port: targetGroup.port,
      ...(shape.colours.length > 1 && { colour }),
    }),
  };
};

/** Variable to the secret it is read from. */
export const secretSources = ({ deployment, storage }: Pick<WorkloadProps, 'deployment' | 'storage'>) =>
  Object.fromEntries(
    Object.entries(containerSecrets(deployment.settings)).map(([variable, reference]) => [
      variable,
      { ...reference, arn: present(storage.secrets[reference.name], `the secret ${reference.name}`) },
    ]),
  );

/** In public subnets only when there is no other way out. */
export const placement = ({ deployment: { shape }, network }: WorkloadProps) => ({
  subnetIds: Object.values(shape.publicTasks ? network.publicSubnets : network.privateSubnets),
  securityGroupIds: [present(network.securityGroups.tasks, 'the security group of the tasks')],
  publicIp: shape.publicTasks,
});

/** A custom image runs as whatever it was built for, unless the settings say otherwise. */
export const userOf = ({ container, container_user }: Settings): string | undefined =>
  container_user ?? (container === 'countersign' ? '1000:1000' : undefined);

// The Dockerfile's own check; ECS does not read that one.
const ownCheck = [
  'CMD',
  'node',
  '-e',
  "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
];

/** The check inside the container, which a custom image has when it is given. */
export const healthOf = (settings: Settings): HealthProps | undefined => {
  const given = settings.health_check_command;
  const command = given.length === 0 && settings.container === 'countersign' ? ownCheck : given;
  if (command.length === 0) return undefined;
  return {
    command,
    interval: settings.container_check_interval_seconds,
    // ECS waits a minute at most, a load balancer two.
    timeout: Math.min(60, settings.health_check_timeout_seconds),
    retries: settings.container_check_retries,
    startPeriod: settings.health_check_start_seconds,
  };
};
