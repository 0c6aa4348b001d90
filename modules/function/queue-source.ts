/** Has Lambda hand the messages of a work queue to a function, ten at a time. */
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface QueueSourceProps {
  readonly queueArn: string;
  /** Of the function, or of its alias. */
  readonly functionArn: string;
  /** What lets the function's role receive: Lambda tries that when the mapping is made. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Executions that messages may take at once. AWS takes no fewer; requests keep the rest. */
const AT_ONCE = 2;

export class QueueSource extends Construct {
  constructor(scope: Construct, id: string, { queueArn, functionArn, dependsOn = [] }: QueueSourceProps) {
    super(scope, id);
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: queueArn,
      functionName: functionArn,
      batchSize: 10,
      // Of a batch, only what failed comes again.
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: AT_ONCE },
      dependsOn: [...dependsOn],
    });
  }
}
