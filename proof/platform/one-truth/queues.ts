/** The stack's queue of jobs, and the two of AWS that use it: the scheduler that ticks, and Lambda that hands messages to a function. */
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { FunctionProcess } from '../../../service/test/rigs/http-api.ts';
import type { AwsConfig } from './aws-config.ts';
import type { Block, Stack } from './stack.ts';

export const makeQueues = async (stack: Stack, aws: AwsConfig): Promise<void> => {
  const client = new SQSClient(aws);
  for (const [, { name }] of stack.all('aws_sqs_queue'))
    await client.send(new CreateQueueCommand({ QueueName: stack.text(name) }));
  client.destroy();
};

const Tick = z.object({ target: z.object({ arn: z.string(), input: z.string() }) });
const Mapping = z.object({
  event_source_arn: z.string(),
  function_name: z.string(),
  function_response_types: z.tuple([z.literal('ReportBatchItemFailures')]),
});
const BatchAnswer = z.strictObject({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** A message as Lambda puts it into an event. */
const recordOf = ({ MessageId = '', ReceiptHandle = '', Body = '' }: Message) => ({
  ...{ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body },
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:jobs',
  awsRegion: 'us-east-1',
});

export interface JobsQueue {
  /** Sends what EventBridge sends each minute. */
  tick(): Promise<void>;
  /** Hands what waits to the stack's function, as its event source mapping says; nothing where tasks receive themselves. */
  deliver(functions: ReadonlyMap<string, FunctionProcess>): Promise<void>;
  /** Messages that nobody has taken out. */
  left(): Promise<number>;
  close(): void;
}

/** @returns undefined where the tables carry jobs */
export const jobsQueueOf = (stack: Stack, aws: AwsConfig): JobsQueue | undefined => {
  const [schedule] = stack.all('aws_scheduler_schedule').filter(([, { name }]) => String(name).endsWith('-tick'));
  if (schedule === undefined) return undefined;
  const { target } = Tick.parse(schedule[1]);
  const client = new SQSClient(aws);
  const urlOf = (queue: Block) => `${aws.endpoint}/111122223333/${stack.text(queue.name)}`;
  const QueueUrl = urlOf(stack.at(target.arn).block);
  // Terraform writes it: ${jsonencode({"kind" = "tick"})}
  const MessageBody = target.input.replace(/^\$\{jsonencode\((.*)\)\}$/, '$1').replaceAll(' = ', ':');
  const [mapping] = stack.all('aws_lambda_event_source_mapping').map(([, block]) => Mapping.parse(block));
  const fn = mapping && stack.at(stack.at(mapping.function_name).block.function_name).name;
  const hand = async (target: FunctionProcess): Promise<number> => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return 0;
    const answer = BatchAnswer.parse(await target.invoke({ Records: Messages.map(recordOf) }));
    const kept = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    for (const { MessageId = '', ReceiptHandle } of Messages)
      if (!kept.includes(MessageId)) await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.length;
  };
  return {
    tick: async () => void (await client.send(new SendMessageCommand({ QueueUrl, MessageBody }))),
    deliver: async (functions) => {
      const target = fn === undefined ? undefined : functions.get(fn);
      if (target !== undefined) while ((await hand(target)) > 0);
    },
    left: async () => {
      const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
      );
      return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
    },
    close: () => client.destroy(),
  };
};
