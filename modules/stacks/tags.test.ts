import { S3Object } from '@cdktf/provider-aws/lib/s3-object/index.js';
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

it('are ten on what takes no more: the platform’s, the resource’s own, and the first of the environment’s', () => {
  if (settings === undefined) throw new Error('no settings');
  const many = Object.fromEntries(Array.from({ length: 44 }, (_, index) => [`Key${index}`, 'x']));
  const made = synthesized((stack) => {
    Aspects.of(stack).add(new TagEverything({ ...settings, tags: many }, 'dev-us-east-1'));
    new S3Object(stack, 'folder', { bucket: 'a', key: 'data/', tags: { Extra: 'x' } });
    new SnsTopic(stack, 'topic', { name: 'a', tags: { Name: 'a', Tier: 'b' } });
  });
  const platform = ['Project', 'Environment', 'ManagedBy', 'Stack'];
  expect(Object.keys(made.one('aws_s3_object').tags as object).sort()).toEqual(
    [...platform, 'Key0', 'Key1', 'Key2', 'Key3', 'Key4', 'Extra'].sort(),
  );
  expect(Object.keys(made.one('aws_sns_topic').tags as object)).toHaveLength(50);
});
