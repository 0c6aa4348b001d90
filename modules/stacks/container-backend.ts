/** The containers with all they need: logs, roles, target groups behind a load balancer, tasks or instances. */
import { Construct } from 'constructs';
import { collectorImage } from '../container/definition.ts';
import { ExecutionRole } from '../roles/execution-role.ts';
import { InstanceRole } from '../roles/instance-role.ts';
import { TaskRole } from '../roles/task-role.ts';
import { ContainerLogs } from './container-logs.ts';
import { Containers } from './containers.ts';
import type { Deployment } from './deployment.ts';
import { type Grantable, roleName, taskGrantsOf } from './grants.ts';
import type { LoadBalancing } from './load-balancing.ts';
import type { NamedArn, NetworkOutputs } from './outputs.ts';
import { secretSources, type WorkloadProps } from './workload.ts';

export interface ContainerBackendProps extends Omit<Grantable, 'shell'> {
  readonly network: NetworkOutputs;
  readonly balancing: LoadBalancing;
  readonly queueUrls: Readonly<Record<string, string>>;
  /** Origin people and clients type. */
  readonly publicUrl: string;
}

type Roles = Pick<WorkloadProps, 'taskRoleArn' | 'executionRoleArn' | 'instanceProfileName' | 'dependsOn'> & {
  readonly running: NamedArn;
};

const imagesOf = ({ settings, shape }: Deployment): string[] =>
  [...shape.colours.map((colour) => settings[`image_${colour}`]), ...(settings.xray ? [collectorImage] : [])].filter(
    (image) => image !== undefined,
  );

export class ContainerBackend extends Construct {
  readonly role: NamedArn;
  readonly cluster?: NamedArn;
  readonly services: Readonly<Record<string, string>>;
  readonly scalingGroup?: NamedArn;
  readonly logGroups: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ContainerBackendProps) {
    super(scope, id);
    const { balancing } = props;
    const logs = new ContainerLogs(this, 'logs', props);
    const { running, dependsOn, ...roles } = this.#roles(props, logs);
    const containers = new Containers(this, 'containers', {
      ...props,
      ...roles,
      logs,
      targetGroups: balancing.targetGroups,
      loadBalancerArnSuffix: balancing.loadBalancer?.arnSuffix,
      dependsOn: [...balancing.ready, ...dependsOn],
    });
    this.role = running;
    this.cluster = containers.cluster;
    this.services = containers.services;
    this.scalingGroup = containers.scalingGroup;
    this.logGroups = {
      service: logs.service.name,
      ...(logs.sessions && { exec: logs.sessions.group.name }),
    };
  }

  #roles(props: ContainerBackendProps, logs: ContainerLogs): Roles {
    return props.deployment.settings.compute_mode === 'ec2'
      ? this.#instanceRole(props, logs)
      : this.#taskRoles(props, logs);
  }

  #instanceRole(props: ContainerBackendProps, logs: ContainerLogs): Roles {
    const role = new InstanceRole(this, 'instance-role', {
      name: roleName(props.deployment, 'task-role'),
      images: imagesOf(props.deployment),
      logGroupArns: [logs.service.arn],
      ...taskGrantsOf(props),
    });
    return {
      running: role,
      taskRoleArn: role.arn,
      executionRoleArn: role.arn,
      instanceProfileName: role.profileName,
      dependsOn: role.ready ? [role.ready] : [],
    };
  }

  #taskRoles(props: ContainerBackendProps, logs: ContainerLogs): Roles {
    const { deployment, storage } = props;
    const { settings, region } = deployment;
    const shell = logs.sessions && { logGroupArn: logs.sessions.group.arn, keyArn: logs.sessions.keyArn };
    const task = new TaskRole(this, 'task-role', {
      name: roleName(deployment, 'task-role'),
      accountId: settings.account_id,
      ...taskGrantsOf({ ...props, shell }),
    });
    const execution = new ExecutionRole(this, 'execution-role', {
      name: roleName(deployment, 'execution-role'),
      accountId: settings.account_id,
      region,
      images: imagesOf(deployment),
      logGroupArns: [logs.service.arn],
      secretArns: [...new Set(Object.values(secretSources(props)).map(({ arn }) => arn))],
      secretsKeyArn: storage.keys.secrets,
    });
    return {
      running: task,
      taskRoleArn: task.arn,
      executionRoleArn: execution.arn,
      dependsOn: [task.ready, execution.ready].filter((ready) => ready !== undefined),
    };
  }
}
