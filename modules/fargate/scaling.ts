/** How the task count of one service follows its load. */
import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy/index.js';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target/index.js';
import { Construct } from 'constructs';
import type { Scalable } from './scalable.ts';
import { StepScaling, type StepScalingProps } from './step-scaling.ts';

export interface ScalingProps {
  readonly clusterName: string;
  readonly serviceName: string;
  /** Fewest and most tasks. */
  readonly min: number;
  readonly max: number;
  /** A schedule or a cutover sets them from then on. */
  readonly boundsAreManaged: boolean;
  /** Averages to keep near. Default: the count follows nothing. */
  readonly targets?: TargetProps | undefined;
  /** Adds and removes one task on thresholds of the CPU instead of following it. */
  readonly steps?: StepScalingProps['steps'] | undefined;
  /** Seconds to wait after adding and after removing tasks. */
  readonly cooldown: { readonly out: number; readonly in: number };
}

export interface TargetProps {
  /** Percent. */
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
  /** Requests a minute and target, and the load balancer and target group they are counted at. */
  readonly requests?: { readonly value: number; readonly label: string } | undefined;
}

export class Scaling extends Construct {
  readonly scalable: Scalable;

  constructor(scope: Construct, id: string, props: ScalingProps) {
    super(scope, id);
    const { clusterName, serviceName, min, max, boundsAreManaged, targets = {}, steps, cooldown } = props;
    const target = new AppautoscalingTarget(this, 'target', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${clusterName}/${serviceName}`,
      minCapacity: min,
      maxCapacity: max,
      ...(boundsAreManaged && { lifecycle: { ignoreChanges: ['min_capacity', 'max_capacity'] } }),
    });
    this.scalable = {
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
      serviceNamespace: target.serviceNamespace,
    };
    const { cpu, memory, requests } = targets;
    const follow = (name: string, metric: string, value: number | undefined, label?: string) => {
      if (value === undefined) return;
      new AppautoscalingPolicy(this, name, {
        name: `${serviceName}-${name}`,
        policyType: 'TargetTrackingScaling',
        ...this.scalable,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: value,
          scaleOutCooldown: cooldown.out,
          scaleInCooldown: cooldown.in,
          predefinedMetricSpecification: { predefinedMetricType: metric, resourceLabel: label },
        },
      });
    };
    // Two policies on one metric would pull against each other.
    follow('cpu', 'ECSServiceAverageCPUUtilization', steps === undefined ? cpu : undefined);
    follow('memory', 'ECSServiceAverageMemoryUtilization', memory);
    follow('requests', 'ALBRequestCountPerTarget', requests?.value, requests?.label);
    if (steps !== undefined)
      new StepScaling(this, 'steps', { clusterName, serviceName, scalable: this.scalable, steps, cooldown });
  }
}
