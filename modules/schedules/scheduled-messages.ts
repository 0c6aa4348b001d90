/** Messages to work queues at set times, by a role that may send them and nothing else. */
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { keyStatements } from '../roles/state.ts';
import { service } from '../roles/statement.ts';

interface ScheduledMessage {
  readonly description: string;
  /** cron(...) or rate(...), in UTC. */
  readonly expression: string;
  readonly queueArn: string;
  readonly message: Readonly<Record<string, string>>;
}

export interface ScheduledMessagesProps {
  /** Start of the names. */
  readonly name: string;
  /** Name of the role, unique in the account. */
  readonly roleName: string;
  readonly accountId: string;
  readonly region: string;
  /** By the rest of the names. */
  readonly messages: Readonly<Record<string, ScheduledMessage>>;
  /** Key that the queues are encrypted with. Default: SQS's own. */
  readonly keyArn?: string | undefined;
}

export class ScheduledMessages extends Construct {
  constructor(scope: Construct, id: string, props: ScheduledMessagesProps) {
    super(scope, id);
    const { name, roleName, accountId, region, messages, keyArn } = props;
    const queues = [...new Set(Object.values(messages).map(({ queueArn }) => queueArn))];
    const role = new AssumableRole(this, 'sender', {
      name: roleName,
      description: 'Sends messages to work queues at set times',
      trust: [service('scheduler.amazonaws.com', accountId)],
      statements: [
        { sid: 'QueuesSend', actions: ['sqs:SendMessage'], resources: queues },
        // A message to an encrypted queue is encrypted with the sender's rights.
        ...(keyArn === undefined ? [] : keyStatements('KeyData', region, { keyArn, services: ['sqs'] })),
      ],
    });
    for (const [key, { description, expression, queueArn, message }] of Object.entries(messages))
      new SchedulerSchedule(this, key, {
        name: `${name}-${key}`,
        description,
        scheduleExpression: expression,
        scheduleExpressionTimezone: 'UTC',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: queueArn,
          input: Fn.jsonencode(message),
          roleArn: role.arn,
          // What comes an hour late is told by the next.
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
        },
      });
  }
}
