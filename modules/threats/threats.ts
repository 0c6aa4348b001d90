/** Threat detection with GuardDuty; what it finds goes to a topic. */
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { GuarddutyDetector } from '@cdktf/provider-aws/lib/guardduty-detector/index.js';
import { Construct } from 'constructs';

export interface ThreatsProps {
  /** Name of the rule that passes findings on. */
  readonly name: string;
  readonly topicArn: string;
  /** Least severity that is told, from 1 to 10. Default 4: medium. */
  readonly severity?: number;
}

// EventBridge puts these in by itself; quotes make the message the JSON text that it wants.
const message = [
  'GuardDuty found <type>, severity <severity>, in account <account>, <region>.',
  '<title>',
  'https://console.aws.amazon.com/guardduty/home?region=<region>#/findings?search=id%3D<id>',
  'Runbook: docs/runbooks/alarms.md#threats',
].map((line) => `"${line}"`);

export class Threats extends Construct {
  constructor(scope: Construct, id: string, { name, topicArn, severity = 4 }: ThreatsProps) {
    super(scope, id);
    new GuarddutyDetector(this, 'detector', { enable: true, findingPublishingFrequency: 'FIFTEEN_MINUTES' });
    const rule = new CloudwatchEventRule(this, 'findings', {
      name,
      description: `Findings of GuardDuty from severity ${severity}`,
      eventPattern: JSON.stringify({
        source: ['aws.guardduty'],
        'detail-type': ['GuardDuty Finding'],
        detail: { severity: [{ numeric: ['>=', severity] }] },
      }),
    });
    new CloudwatchEventTarget(this, 'topic', {
      rule: rule.name,
      targetId: 'topic',
      arn: topicArn,
      inputTransformer: {
        inputPaths: {
          type: '$.detail.type',
          severity: '$.detail.severity',
          account: '$.detail.accountId',
          region: '$.detail.region',
          title: '$.detail.title',
          id: '$.detail.id',
        },
        inputTemplate: message.join('\n'),
      },
    });
  }
}
