/** Who is told: a topic with the mail addresses and webhooks of one audience. */
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';

export const topicNames = ['ops', 'security', 'admin'] as const;
export type TopicName = (typeof topicNames)[number];

/** AWS services that publish to topics, by the host of their principal. */
export const publishers = ['cloudwatch', 'events', 'budgets', 'costalerts', 'events.rds'] as const;
export type Publisher = (typeof publishers)[number];
export const principalOf = (publisher: Publisher): string => `${publisher}.amazonaws.com`;

export interface TopicProps {
  readonly name: string;
  readonly accountId: string;
  /** A customer managed key that lets the publishers in: they cannot use alias/aws/sns. */
  readonly keyArn: string;
  readonly publishers: readonly Publisher[];
  readonly emails: readonly string[];
  /** HTTPS endpoints that confirm a subscription by themselves, as PagerDuty's do. */
  readonly webhooks: readonly string[];
}

const publish = (publisher: Publisher, topicArn: string, accountId: string): DataAwsIamPolicyDocumentStatement => ({
  sid: `From${publisher.replaceAll('.', '')}`,
  principals: [{ type: 'Service', identifiers: [principalOf(publisher)] }],
  actions: ['sns:Publish'],
  resources: [topicArn],
  // EventBridge tells SNS no source account: with the condition its messages would be refused.
  ...(publisher !== 'events' && {
    condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: [accountId] }],
  }),
});

const onlyTls = (topicArn: string): DataAwsIamPolicyDocumentStatement => ({
  sid: 'OnlyTls',
  effect: 'Deny',
  principals: [{ type: '*', identifiers: ['*'] }],
  actions: ['sns:Publish'],
  resources: [topicArn],
  condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
});

export class Topic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: TopicProps) {
    super(scope, id);
    const { name, accountId, keyArn, emails, webhooks } = props;
    const topic = new SnsTopic(this, 'topic', { name, kmsMasterKeyId: keyArn });
    const policy = new DataAwsIamPolicyDocument(this, 'publishers', {
      statement: [...props.publishers.map((publisher) => publish(publisher, topic.arn, accountId)), onlyTls(topic.arn)],
    });
    new SnsTopicPolicy(this, 'policy', { arn: topic.arn, policy: policy.json });
    // By address: taking one off the list must not touch another's confirmed subscription.
    for (const endpoint of emails)
      new SnsTopicSubscription(this, endpoint, { topicArn: topic.arn, protocol: 'email', endpoint });
    for (const endpoint of webhooks)
      new SnsTopicSubscription(this, endpoint, { topicArn: topic.arn, protocol: 'https', endpoint });
    this.arn = topic.arn;
  }
}
