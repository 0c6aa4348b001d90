/** A call of an AWS API at set times, by a role that may do that and nothing else. */
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface ScheduleProps {
  /** At most 64 characters. */
  readonly name: string;
  readonly description: string;
  /** cron(...) or rate(...), in UTC. */
  readonly expression: string;
  /** The API's service and operation as the AWS SDK writes them: `rds`, `stopDBInstance`. */
  readonly call: { readonly service: string; readonly operation: string; readonly input: object };
  readonly roleArn: string;
  /** Minutes the call may be late, so that not all start at once. Default: 0. */
  readonly flexibleMinutes?: number;
}

export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { name, description, expression, call, roleArn, flexibleMinutes = 0 } = props;
    new SchedulerSchedule(this, 'schedule', {
      name,
      description,
      scheduleExpression: expression,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow:
        flexibleMinutes > 0 ? { mode: 'FLEXIBLE', maximumWindowInMinutes: flexibleMinutes } : { mode: 'OFF' },
      target: {
        arn: `arn:aws:scheduler:::aws-sdk:${call.service}:${call.operation}`,
        input: Fn.jsonencode(call.input),
        roleArn,
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
      },
    });
  }
}
