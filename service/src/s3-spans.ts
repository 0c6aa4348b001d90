/** A span for each call of S3 that the service makes for itself, its tries together. Keys of objects stay out of it. */
import type { S3Client } from '@aws-sdk/client-s3';
import { inSpan } from './ports/tracing.ts';

/** Has the client's calls told in spans. */
export const withSpans = (client: S3Client): S3Client => {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) =>
        inSpan('aws s3', { 'rpc.service': 's3', 'rpc.method': commandName }, () => next(args), 'client'),
    { step: 'initialize', name: 'spans' },
  );
  return client;
};
