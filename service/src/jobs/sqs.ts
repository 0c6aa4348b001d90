/** Messages of SQS that say where to look: at a job by its id, or at everything that is due. */
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { MOST_DELAY_SECONDS } from './row.ts';

/** What a message says. tick: a minute has passed. */
const QueueMessage = z.union([z.object({ job: z.string().min(1).max(200) }), z.object({ kind: z.literal('tick') })]);
export type QueueMessage = z.infer<typeof QueueMessage>;

const WAIT_SECONDS = 20;

export interface Received {
  /** Undefined for a message that this version does not understand; it is left to the dead-letter queue. */
  readonly told: QueueMessage | undefined;
  /** Takes it out of the queue. */
  remove(): Promise<void>;
}

/** A queue that carries ids of jobs. A message may come twice, late or never: the tables are the truth. */
export interface Carrier {
  send(told: QueueMessage, delaySeconds: number): Promise<void>;
  /** Waits up to 20 seconds for some. @throws when the signal aborts or SQS does not answer */
  receive(signal: AbortSignal): Promise<readonly Received[]>;
  close(): void;
}

/** What the body of a message says; undefined for one that this version does not understand. */
export const toldIn = (body: string): QueueMessage | undefined => {
  try {
    return QueueMessage.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
};

export const openSqs = (options: {
  readonly url: string;
  readonly region: string;
  /** An emulator's. */
  readonly endpoint?: string | undefined;
  readonly waitSeconds?: number;
}): Carrier => {
  const { url: QueueUrl, region, endpoint, waitSeconds = WAIT_SECONDS } = options;
  const client = new SQSClient({ region, ...(endpoint !== undefined && { endpoint }) });
  return {
    send: async (told, delaySeconds) => {
      const DelaySeconds = Math.min(MOST_DELAY_SECONDS, Math.max(0, Math.ceil(delaySeconds)));
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(told), DelaySeconds }));
    },
    receive: async (abortSignal) => {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds });
      const { Messages = [] } = await client.send(command, { abortSignal });
      return Messages.map((message) => ({
        told: toldIn(message.Body ?? ''),
        remove: async () => {
          await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
        },
      }));
    },
    close: () => client.destroy(),
  };
};
