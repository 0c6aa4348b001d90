/** One request to one version of the function, past the API and the alias: no header leads there. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { originVerifyHeader } from '../../../../contracts/gateway.ts';
import type { Answered, Asked } from '../smoke/http.ts';
import { versionOf } from './weights.ts';

const Answer = z.looseObject({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** Payload format 2.0: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const eventOf = ({ url: address, method, headers, body }: Asked, originSecret: string | undefined): object => {
  const url = new URL(address);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: {
      host: url.host,
      'user-agent': 'countersign-cutover',
      ...headers,
      ...(originSecret !== undefined && { [originVerifyHeader]: originSecret }),
    },
    requestContext: {
      domainName: url.host,
      http: {
        method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'countersign-cutover',
      },
      requestId: 'cutover',
      routeKey: '$default',
      stage: '$default',
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
};

export interface Invoked {
  readonly client: LambdaClient;
  readonly name: string;
  /** What CloudFront would send, where the function asks for it. */
  readonly originSecret?: string | undefined;
}

const Failure = z.looseObject({ errorType: z.string().default('Error'), errorMessage: z.string().default('') });

/** @throws Error where the version fails, or where it was another that answered */
export const askVersion = async (
  { client, name, originSecret }: Invoked,
  variant: string,
  asked: Asked,
): Promise<Answered> => {
  const Qualifier = versionOf(variant);
  const Payload = JSON.stringify(eventOf(asked, originSecret));
  const told = await client.send(new InvokeCommand({ FunctionName: name, Qualifier, Payload }));
  const value: unknown = JSON.parse(Buffer.from(told.Payload ?? []).toString('utf8') || 'null');
  if (told.FunctionError !== undefined) {
    const { errorType, errorMessage } = Failure.catch({ errorType: told.FunctionError, errorMessage: '' }).parse(value);
    throw new Error(`${errorType} ${errorMessage.slice(0, 200)}`);
  }
  if (told.ExecutedVersion !== undefined && told.ExecutedVersion !== Qualifier)
    throw new Error(`version ${told.ExecutedVersion} answered, not ${Qualifier}`);
  const { statusCode, headers, body, isBase64Encoded } = Answer.parse(value);
  const decoded = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  return { status: statusCode, headers, body: decoded };
};
