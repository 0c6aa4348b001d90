import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Aspects } from 'cdktf';
import { settingsOf, synthesized } from '../testing/synthesized.ts';
import { TagEverything } from './tags.ts';

const [settings] = await settingsOf('dev');

it('stand on everything that takes tags, and a resource’s own tags win', () => {
  if (settings === undefined) throw new Error('no settings');
  const made = synthesized((stack) => {
    Aspects.of(stack).add(new TagEverything(settings, 'dev-us-east-1'));
    const topic = new SnsTopic(stack, 'topic', { name: 'a', tags: { Owner: 'someone', Extra: 'x' } });
    new SnsTopicSubscription(stack, 'subscription', {
      topicArn: topic.arn,
      protocol: 'email',
      endpoint: 'a@example.com',
    });
  });
  expect(made.one('aws_sns_topic').tags).toEqual({
    Project: 'countersign',
    Environment: 'dev',
    ManagedBy: 'countersign',
    Stack: 'dev-us-east-1',
    CostCenter: 'platform',
    Owner: 'someone',
    Extra: 'x',
  });
  expect(made.one('aws_sns_topic_subscription').tags).toBeUndefined();
});
