/** A log group with an end: without a retention, CloudWatch keeps logs for ever. */
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { Construct } from 'constructs';

export interface LogGroupProps {
  readonly name: string;
  readonly retentionDays: number;
  /** Key to encrypt with. Default: CloudWatch's own. */
  readonly keyArn?: string | undefined;
}

export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, retentionDays, keyArn }: LogGroupProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, 'group', {
      name,
      retentionInDays: retentionDays,
      ...(keyArn !== undefined && { kmsKeyId: keyArn }),
    });
    this.name = group.name;
    this.arn = group.arn;
  }
}
