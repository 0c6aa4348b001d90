import { SQSClient } from '@aws-sdk/client-sqs';
import { awsApi } from '../api.ts';
import { readBody } from '../body.ts';
import { MalformedAnswer } from '../failure.ts';

/** Calls that say what is there. The others are answered by nothing. */
const asks = ['ListQueuesCommand', 'ListQueueTagsCommand'];

const isOk = (response: unknown): boolean =>
  typeof response === 'object' && response !== null && Reflect.get(response, 'statusCode') === 200;

export const sqsApi = awsApi('sqs', (config) => {
  // The URL of a queue says which queue is meant; where to ask is the client's own affair.
  const client = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  // SQS leaves a list out where it is empty, so that {} is an answer. Nothing at all is none, and the SDK takes it for {}.
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next(args);
        // What it refuses is an error, whatever the text.
        if (!asks.includes(commandName) || !isOk(answer.response)) return answer;
        const text = await readBody(answer.response);
        if (text?.trimStart().startsWith('{') !== true) throw new MalformedAnswer('sqs', 'anything that can be read');
        return answer;
      },
    { step: 'deserialize', priority: 'low', name: 'answered' },
  );
  return client;
});
