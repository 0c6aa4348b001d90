/** Tells of unusual spending. AWS allows one such monitor of services an account. */
import { CeAnomalyMonitor } from '@cdktf/provider-aws/lib/ce-anomaly-monitor/index.js';
import { CeAnomalySubscription } from '@cdktf/provider-aws/lib/ce-anomaly-subscription/index.js';
import { Construct } from 'constructs';

export interface AnomalyProps {
  readonly name: string;
  /** USD above the expected from which an anomaly is told. */
  readonly impact: number;
  readonly topicArn: string;
}

export class Anomaly extends Construct {
  constructor(scope: Construct, id: string, { name, impact, topicArn }: AnomalyProps) {
    super(scope, id);
    const monitor = new CeAnomalyMonitor(this, 'monitor', {
      name,
      monitorType: 'DIMENSIONAL',
      monitorDimension: 'SERVICE',
    });
    new CeAnomalySubscription(this, 'subscription', {
      name,
      // A topic is told at once; only mail can wait for the day.
      frequency: 'IMMEDIATE',
      monitorArnList: [monitor.arn],
      subscriber: [{ type: 'SNS', address: topicArn }],
      thresholdExpression: {
        dimension: {
          key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
          matchOptions: ['GREATER_THAN_OR_EQUAL'],
          values: [String(impact)],
        },
      },
    });
  }
}
