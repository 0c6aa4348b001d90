/** A log group with an end: without a retention, CloudWatch keeps logs for ever. */
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface LogGroupProps {
  readonly name: string;
  readonly retentionDays: number;
  /** Key to encrypt with. Default: CloudWatch's own. */
  readonly keyArn?: string | undefined;
  /** Provider of the region to make it in. Default: the stack's. */
  readonly provider?: AwsProvider | undefined;
}

export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  /** For what must not make the group itself, without an end. */
  readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, { name, retentionDays, keyArn, provider }: LogGroupProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, 'group', {
      name,
      retentionInDays: retentionDays,
      ...(keyArn !== undefined && { kmsKeyId: keyArn }),
      provider,
    });
    this.name = group.name;
    this.arn = group.arn;
    this.ready = group;
  }
}
