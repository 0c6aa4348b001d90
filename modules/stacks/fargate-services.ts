/** The service on Fargate: cluster, discovery, and task, service and scaling of each colour. */
import { Construct } from 'constructs';
import { firstCounts } from '../../contracts/settings/first-counts.ts';
import { ownershipOf } from '../../contracts/settings/owned.ts';
import { Cluster } from '../cluster/cluster.ts';
import { containerDefinitions } from '../container/definition.ts';
import { Discovery } from '../discovery/discovery.ts';
import { Scaling } from '../fargate/scaling.ts';
import { type CountSchedule, Schedules, weekend } from '../fargate/schedules.ts';
import { Service } from '../fargate/service.ts';
import { Task } from '../fargate/task.ts';
import { valueFrom } from '../secrets/reference.ts';
import type { Colour, NamedArn } from './outputs.ts';
import {
  colourParts,
  healthOf,
  placement,
  type ServedTargetGroup,
  secretSources,
  userOf,
  type WorkloadProps,
} from './workload.ts';

export class FargateServices extends Construct {
  readonly cluster: NamedArn;
  /** Names by colour. */
  readonly services: Readonly<Record<string, string>>;
  readonly #props: WorkloadProps;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    this.#props = props;
    const { settings, shape, names } = props.deployment;
    const { sessions } = props.logs;
    this.cluster = new Cluster(this, 'cluster', {
      name: names.of('cluster'),
      insights: settings.container_insights,
      exec: sessions && { keyArn: sessions.keyArn, logGroupName: sessions.group.name },
    });
    const registryArn = settings.service_discovery ? this.#discovery() : undefined;
    this.services = Object.fromEntries(
      shape.colours.map((colour) => [colour, this.#service(colour, this.#task(colour), registryArn)]),
    );
  }

  #discovery(): string {
    const { deployment, network } = this.#props;
    const { discovery_namespace, discovery_service, discovery_ttl_seconds } = deployment.settings;
    return new Discovery(this, 'discovery', {
      namespace: discovery_namespace,
      service: discovery_service,
      ttl: discovery_ttl_seconds,
      vpcId: network.vpcId,
    }).arn;
  }

  /** Blue has the plain name, so that a second colour added later leaves the first as it is. */
  #named(name: string, colour: Colour): string {
    return colour === 'blue' ? name : `${name}-${colour}`;
  }

  #task(colour: Colour): Task {
    const { deployment, taskRoleArn, executionRoleArn, logs } = this.#props;
    const { settings, names, region } = deployment;
    const { image, targetGroup, environment } = colourParts(this.#props, colour);
    return new Task(this, `task-${colour}`, {
      family: this.#named(names.of('task-family'), colour),
      cpu: settings.task_cpu,
      memory: settings.task_memory,
      storage: settings.task_storage_gb,
      architecture: settings.cpu_architecture,
      taskRoleArn,
      executionRoleArn,
      containers: containerDefinitions({
        name: settings.container_name,
        image,
        port: targetGroup.port,
        environment,
        secrets: Object.fromEntries(
          Object.entries(secretSources(this.#props)).map(([name, source]) => [name, valueFrom(source.arn, source)]),
        ),
        health: healthOf(settings),
        logs: { group: logs.service.name, region, streamPrefix: settings.log_stream_prefix },
        user: userOf(settings),
        readonlyRoot: settings.readonly_root,
        stopTimeout: settings.stop_timeout_seconds,
        exec: settings.execute_command,
        xray: settings.xray,
      }),
    });
  }

  #service(colour: Colour, task: Task, registryArn: string | undefined): string {
    const { deployment, dependsOn, rollbackAlarms } = this.#props;
    const { settings, names } = deployment;
    const { targetGroup } = colourParts(this.#props, colour);
    const active = colour === settings.active_colour;
    const schedules = this.#schedules(active);
    const scheduled = Object.keys(schedules).length > 0;
    const { name } = new Service(this, `service-${colour}`, {
      name: this.#named(names.of('service'), colour),
      clusterArn: this.cluster.arn,
      taskDefinitionArn: task.arn,
      desired: firstCounts(settings, colour).desired,
      countIsManaged: ownershipOf(settings).count,
      spot: { share: settings.spot_share, base: settings.spot_base },
      ...placement(this.#props),
      target: { groupArn: targetGroup.arn, containerName: settings.container_name, port: targetGroup.port },
      healthGrace: settings.health_check_start_seconds,
      deployment: {
        minimumPercent: settings.minimum_healthy_percent,
        maximumPercent: settings.maximum_percent,
        circuitBreaker: settings.circuit_breaker,
        rollbackAlarms,
      },
      exec: settings.execute_command,
      registryArn,
      dependsOn,
    });
    if (settings.autoscale || scheduled) this.#scale(colour, name, targetGroup, schedules);
    return name;
  }

  /** The idle colour stays at none until a cutover swaps the bounds. */
  #schedules(active: boolean): Record<string, CountSchedule> {
    const { settings } = this.#props.deployment;
    const { weekend_only, weekend_hours_start: start, weekend_hours_end: end, desired_count, max_count } = settings;
    const wanted: Record<string, CountSchedule> = {
      ...(weekend_only ? weekend({ start, end }, desired_count, max_count) : {}),
      ...settings.scale_schedules,
    };
    if (active) return wanted;
    return Object.fromEntries(Object.entries(wanted).map(([name, { cron }]) => [name, { cron, min: 0, max: 0 }]));
  }

  #scale(
    colour: Colour,
    serviceName: string,
    group: ServedTargetGroup,
    schedules: Record<string, CountSchedule>,
  ): void {
    const { settings } = this.#props.deployment;
    const { min, max } = firstCounts(settings, colour);
    const { scalable } = new Scaling(this, `scaling-${colour}`, {
      clusterName: this.cluster.name,
      serviceName,
      min,
      max,
      boundsAreManaged: ownershipOf(settings).bounds,
      cooldown: { out: settings.scale_out_cooldown_seconds, in: settings.scale_in_cooldown_seconds },
      ...(settings.autoscale && this.#following(group)),
    });
    new Schedules(this, `schedules-${colour}`, {
      name: serviceName,
      scalable,
      schedules,
      boundsAreManaged: ownershipOf(settings).schedules,
    });
  }

  #following(group: ServedTargetGroup) {
    const { deployment, loadBalancerArnSuffix: balancer } = this.#props;
    const { settings } = deployment;
    const { requests_target } = settings;
    return {
      targets: {
        cpu: settings.cpu_target,
        memory: settings.memory_target,
        ...(requests_target !== undefined &&
          balancer !== undefined && { requests: { value: requests_target, label: `${balancer}/${group.arnSuffix}` } }),
      },
      ...(settings.scale_policy === 'step' && {
        steps: {
          out: { percent: settings.step_out_cpu, minutes: settings.step_out_minutes },
          in: { percent: settings.step_in_cpu, minutes: settings.step_in_minutes },
        },
      }),
    };
  }
}
