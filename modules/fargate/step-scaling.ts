/** Adds a task while the CPU stays high, and removes one while it stays low. */
import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy/index.js';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import type { Scalable } from './scalable.ts';

export interface StepScalingProps {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly scalable: Scalable;
  readonly steps: { readonly out: Threshold; readonly in: Threshold };
  /** Seconds to wait after adding and after removing a task. */
  readonly cooldown: { readonly out: number; readonly in: number };
}

export interface Threshold {
  /** CPU in percent. */
  readonly percent: number;
  /** Minutes in a row it must last. */
  readonly minutes: number;
}

const directions = {
  out: { adjustment: 1, comparison: 'GreaterThanThreshold', bound: 'metricIntervalLowerBound', word: 'above' },
  in: { adjustment: -1, comparison: 'LessThanThreshold', bound: 'metricIntervalUpperBound', word: 'below' },
} as const;
type Direction = keyof typeof directions;

export class StepScaling extends Construct {
  constructor(scope: Construct, id: string, props: StepScalingProps) {
    super(scope, id);
    this.#add('out', props);
    this.#add('in', props);
  }

  #add(direction: Direction, { clusterName, serviceName, scalable, steps, cooldown }: StepScalingProps): void {
    const { adjustment, comparison, bound, word } = directions[direction];
    const { percent, minutes } = steps[direction];
    const policy = new AppautoscalingPolicy(this, `${direction}-policy`, {
      name: `${serviceName}-step-${direction}`,
      policyType: 'StepScaling',
      ...scalable,
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ChangeInCapacity',
        cooldown: cooldown[direction],
        metricAggregationType: 'Average',
        stepAdjustment: [{ [bound]: '0', scalingAdjustment: adjustment }],
      },
    });
    new CloudwatchMetricAlarm(this, `${direction}-alarm`, {
      alarmName: `${serviceName}-scale-${direction}`,
      alarmDescription: `CPU ${word} ${percent} % for ${minutes} minutes: ${direction === 'out' ? 'adds' : 'removes'} a task`,
      namespace: 'AWS/ECS',
      metricName: 'CPUUtilization',
      dimensions: { ClusterName: clusterName, ServiceName: serviceName },
      statistic: 'Average',
      period: 60,
      evaluationPeriods: minutes,
      comparisonOperator: comparison,
      threshold: percent,
      // No tasks, no metric: an idle colour stays at none.
      treatMissingData: 'notBreaching',
      alarmActions: [policy.arn],
    });
  }
}
