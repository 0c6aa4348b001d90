/** What RDS itself tells of a database: maintenance, changes of its configuration, failures, failovers, little storage. */
import { DbEventSubscription } from '@cdktf/provider-aws/lib/db-event-subscription/index.js';
import { Construct } from 'constructs';

export interface DatabaseEventsProps {
  /** Start of the subscriptions' names. */
  readonly prefix: string;
  /** Identifier of the database instance. */
  readonly database: string;
  readonly topicArn: string;
}

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html. Those of a kind of group are of all
 * groups in the region: an instance names its own, and a group that nobody uses changes nothing.
 */
const subscriptions = {
  instance: {
    sourceType: 'db-instance',
    eventCategories: ['availability', 'configuration change', 'failover', 'failure', 'low storage', 'maintenance'],
  },
  'parameter-group': { sourceType: 'db-parameter-group', eventCategories: ['configuration change'] },
  'security-group': { sourceType: 'db-security-group', eventCategories: ['configuration change', 'failure'] },
} as const;

export class DatabaseEvents extends Construct {
  constructor(scope: Construct, id: string, { prefix, database, topicArn }: DatabaseEventsProps) {
    super(scope, id);
    for (const [kind, { sourceType, eventCategories }] of Object.entries(subscriptions))
      new DbEventSubscription(this, kind, {
        name: `${prefix}-database-${kind}`,
        snsTopic: topicArn,
        sourceType,
        ...(kind === 'instance' && { sourceIds: [database] }),
        eventCategories: [...eventCategories],
      });
  }
}
