/** The ECS service of one colour. */
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface ServiceProps {
  readonly name: string;
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  /** Tasks to start with. */
  readonly desired: number;
  /** Something else than Terraform sets the count from then on: scaling, schedules or a cutover. */
  readonly countIsManaged: boolean;
  /** Share of the tasks on Spot in percent, and how many run on demand before it counts. */
  readonly spot: { readonly share: number; readonly base: number };
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Tasks get public addresses: in public subnets there is no other way out. */
  readonly publicIp: boolean;
  readonly target: { readonly groupArn: string; readonly containerName: string; readonly port: number };
  /** Seconds a new task may fail the load balancer's checks. */
  readonly healthGrace: number;
  readonly deployment: DeploymentProps;
  /** ECS Exec into its tasks. Default: not. */
  readonly exec?: boolean;
  /** Cloud Map service its tasks register at. Default: none. */
  readonly registryArn?: string | undefined;
  /** What must stand first: a target group without a listener rule takes no tasks. */
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface DeploymentProps {
  /** Least and most tasks while deploying, in percent of the wanted ones. */
  readonly minimumPercent: number;
  readonly maximumPercent: number;
  /** Tasks that do not become healthy bring the revision before back. */
  readonly circuitBreaker: boolean;
  /** Names of alarms that do the same. Default: none. */
  readonly rollbackAlarms?: readonly string[];
}

/** On demand first, then by share; a provider without a share is left out. */
const strategy = ({ share, base }: ServiceProps['spot']) => [
  ...(share < 100 || base > 0 ? [{ capacityProvider: 'FARGATE', weight: 100 - share, ...(base > 0 && { base }) }] : []),
  ...(share > 0 ? [{ capacityProvider: 'FARGATE_SPOT', weight: share }] : []),
];

const deploymentOf = ({ minimumPercent, maximumPercent, circuitBreaker, rollbackAlarms = [] }: DeploymentProps) => ({
  deploymentMinimumHealthyPercent: minimumPercent,
  deploymentMaximumPercent: maximumPercent,
  deploymentCircuitBreaker: { enable: circuitBreaker, rollback: circuitBreaker },
  ...(rollbackAlarms.length > 0 && { alarms: { alarmNames: [...rollbackAlarms], enable: true, rollback: true } }),
});

export class Service extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { target, registryArn } = props;
    const service = new EcsService(this, 'service', {
      name: props.name,
      cluster: props.clusterArn,
      taskDefinition: props.taskDefinitionArn,
      desiredCount: props.desired,
      capacityProviderStrategy: strategy(props.spot),
      // Without it the provider replaces a service whose strategy changes, and ECS refuses to change it in place:
      // https://github.com/hashicorp/terraform-provider-aws/issues/11351
      forceNewDeployment: true,
      platformVersion: 'LATEST',
      networkConfiguration: {
        subnets: [...props.subnetIds],
        securityGroups: [...props.securityGroupIds],
        assignPublicIp: props.publicIp,
      },
      loadBalancer: [
        { targetGroupArn: target.groupArn, containerName: target.containerName, containerPort: target.port },
      ],
      healthCheckGracePeriodSeconds: props.healthGrace,
      ...deploymentOf(props.deployment),
      enableExecuteCommand: props.exec ?? false,
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      ...(registryArn !== undefined && { serviceRegistries: { registryArn } }),
      dependsOn: [...props.dependsOn],
      ...(props.countIsManaged && { lifecycle: { ignoreChanges: ['desired_count'] } }),
    });
    this.name = service.name;
  }
}
