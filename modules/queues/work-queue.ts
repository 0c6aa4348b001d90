/** A work queue, and the queue that messages end in which failed too often. */

import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface WorkQueueProps {
  readonly name: string;
  /** Key to encrypt with. Default: SQS's own. */
  readonly keyArn?: string | undefined;
}

/** Times a message is handed out before it counts as failed. */
const attempts = 5;
/** Time a receiver has until a message is handed out again. */
const visibleAgainSeconds = 300;
const days = (count: number): number => count * 86_400;

interface Queue {
  readonly name: string;
  readonly arn: string;
}

export class WorkQueue extends Construct {
  readonly work: Queue;
  readonly dead: Queue;

  constructor(scope: Construct, id: string, { name, keyArn }: WorkQueueProps) {
    super(scope, id);
    const encryption = keyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: keyArn };
    const dead = new SqsQueue(this, 'dead', {
      name: `${name}-dead`,
      // Longer than the work queue's: a message keeps the time it was first sent.
      messageRetentionSeconds: days(14),
      ...encryption,
    });
    const work = new SqsQueue(this, 'work', {
      name,
      messageRetentionSeconds: days(4),
      visibilityTimeoutSeconds: visibleAgainSeconds,
      receiveWaitTimeSeconds: 20,
      redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: dead.arn, maxReceiveCount: attempts }),
      ...encryption,
    });
    for (const [kind, queue] of [
      ['work', work],
      ['dead', dead],
    ] as const)
      this.#allowTlsOnly(kind, queue);
    this.work = { name, arn: work.arn };
    this.dead = { name: `${name}-dead`, arn: dead.arn };
  }

  #allowTlsOnly(kind: string, queue: SqsQueue): void {
    const document = new DataAwsIamPolicyDocument(this, `${kind}-document`, {
      statement: [
        {
          sid: 'DenyPlainHttp',
          effect: 'Deny',
          principals: [{ type: '*', identifiers: ['*'] }],
          actions: ['sqs:*'],
          resources: [queue.arn],
          condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
        },
      ],
    });
    new SqsQueuePolicy(this, `${kind}-policy`, { queueUrl: queue.url, policy: document.json });
  }
}
