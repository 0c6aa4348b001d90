import { type Block, synthesized } from '../testing/synthesized.ts';
import { WorkQueue, type WorkQueueProps } from './work-queue.ts';

const build = (changes: Partial<WorkQueueProps> = {}) =>
  synthesized((stack) => new WorkQueue(stack, 'queue', { name: 'cs-evaluations', ...changes }));
const queue = (name: string, changes: Partial<WorkQueueProps> = {}): Block | undefined =>
  Object.values(build(changes).all('aws_sqs_queue')).find((block) => block.name === name);

describe('a work queue', () => {
  it('hands a message out five times, then lays it aside for longer than it lived', () => {
    expect(queue('cs-evaluations')).toMatchObject({
      visibility_timeout_seconds: 300,
      message_retention_seconds: 4 * 86_400,
      receive_wait_time_seconds: 20,
    });
    expect(queue('cs-evaluations-dead')).toMatchObject({ message_retention_seconds: 14 * 86_400 });
    const redrive = String(queue('cs-evaluations')?.redrive_policy);
    expect(redrive).toContain('"maxReceiveCount" = 5');
    expect(redrive).toMatch(/deadLetterTargetArn.*queue_dead/);
  });

  it('is encrypted, with the environment’s key where there is one', () => {
    for (const name of ['cs-evaluations', 'cs-evaluations-dead']) {
      expect(queue(name)).toMatchObject({ sqs_managed_sse_enabled: true });
      expect(queue(name, { keyArn: 'key' })).toMatchObject({ kms_master_key_id: 'key' });
      expect(queue(name, { keyArn: 'key' })).not.toHaveProperty('sqs_managed_sse_enabled');
    }
  });

  it('takes TLS only, both of them', () => {
    const documents = Object.values(build().data('aws_iam_policy_document'));
    expect(documents).toHaveLength(2);
    for (const { statement } of documents)
      expect(statement).toMatchObject([
        { effect: 'Deny', condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }] },
      ]);
    expect(Object.keys(build().all('aws_sqs_queue_policy'))).toHaveLength(2);
  });
});
