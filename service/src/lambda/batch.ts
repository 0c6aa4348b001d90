/** Messages of the queue of jobs as Lambda hands them to a function: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
import { z } from 'zod';
import type { OpenJobs } from '../start/jobs.ts';

/** As far as it is looked at. */
export const SqsEvent = z.looseObject({
  Records: z
    .array(z.looseObject({ eventSource: z.literal('aws:sqs'), messageId: z.string(), body: z.string() }))
    .min(1),
});
export type SqsEvent = z.infer<typeof SqsEvent>;

/** Messages that Lambda leaves in the queue. It removes the others. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Begins what a batch of messages leads to. Never rejects: a message that fails is named in the answer. */
export const takeBatch = async (jobs: Pick<OpenJobs, 'deliver'>, { Records }: SqsEvent): Promise<BatchAnswer> => {
  const taken = await jobs.deliver(Records.map(({ body }) => body));
  const left = Records.filter((_, index) => taken[index] !== true);
  return { batchItemFailures: left.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
