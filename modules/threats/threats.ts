/** Threat detection with GuardDuty; what it finds goes to a topic. */
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { GuarddutyDetector } from '@cdktf/provider-aws/lib/guardduty-detector/index.js';
import { Construct } from 'constructs';

export interface ThreatsProps {
  /** Name of the rule that passes findings on. */
  readonly name: string;
  /** Makes the detector. false: somebody else did, such as the organization. Default: true. */
  readonly detector?: boolean;
  /** Where findings go. Default: nowhere. */
  readonly findings?: FindingsProps | undefined;
}

interface FindingsProps {
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
  constructor(scope: Construct, id: string, { name, detector = true, findings }: ThreatsProps) {
    super(scope, id);
    if (detector)
      new GuarddutyDetector(this, 'detector', { enable: true, findingPublishingFrequency: 'FIFTEEN_MINUTES' });
    if (findings !== undefined) this.#tell(name, findings);
  }

  #tell(name: string, { topicArn, severity = 4 }: FindingsProps): void {
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
