import { synthesized } from '../testing/synthesized.ts';
import { Topic, type TopicProps } from './topic.ts';

const props: TopicProps = {
  name: 'marketing-mcp-security',
  accountId: '111122223333',
  keyArn: 'arn:aws:kms:::key/1',
  publishers: ['cloudwatch', 'events'],
  emails: ['a@example.com', 'b@example.com'],
  webhooks: ['https://hooks.example.com/x/y'],
};
const made = (changes: Partial<TopicProps> = {}) =>
  synthesized((stack) => new Topic(stack, 'security', { ...props, ...changes }));

describe('a topic', () => {
  it('is encrypted with a key that its publishers may use', () => {
    expect(made().one('aws_sns_topic')).toMatchObject({
      name: 'marketing-mcp-security',
      kms_master_key_id: 'arn:aws:kms:::key/1',
    });
  });

  it('lets in its publishers for this account alone, EventBridge without a condition it could not meet', () => {
    const { statement } = Object.values(made().data('aws_iam_policy_document'))[0] ?? {};
    expect(statement).toMatchObject([
      {
        principals: [{ identifiers: ['cloudwatch.amazonaws.com'], type: 'Service' }],
        actions: ['sns:Publish'],
        condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: ['111122223333'] }],
      },
      { principals: [{ identifiers: ['events.amazonaws.com'], type: 'Service' }], actions: ['sns:Publish'] },
      { effect: 'Deny', condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }] },
    ]);
    expect((statement as object[])[1]).not.toHaveProperty('condition');
  });

  it('subscribes mail addresses and webhooks', () => {
    const subscriptions = Object.values(made().all('aws_sns_topic_subscription'));
    expect(subscriptions.map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual([
      ['email', 'a@example.com'],
      ['email', 'b@example.com'],
      ['https', 'https://hooks.example.com/x/y'],
    ]);
  });

  it('keeps a subscription when another address goes', () => {
    const [, second] = Object.keys(made().all('aws_sns_topic_subscription'));
    expect(Object.keys(made({ emails: ['b@example.com'] }).all('aws_sns_topic_subscription'))).toContain(second);
  });
});
