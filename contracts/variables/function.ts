/** What only a Lambda function reads. */
import { z } from 'zod';
import { OriginHashes } from '../gateway.ts';
import { json, type VariableContract, variable } from '../variable.ts';

export const functionVariables = {
  SECRETS_FROM: variable(
    json(
      z.record(z.string(), z.string().regex(/^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+(:\w+)?$/), {
        error: 'must map a variable to the ARN of a secret, and :key for a key of its JSON',
      }),
      'must be JSON such as {"ENCRYPTION_KEY":"arn:...:encryption_key"}',
    ).default({}),
    {
      description:
        'JSON object from a secret variable to the ARN of its secret, with :key for a key of its JSON. A function reads them when it starts; containers are handed theirs.',
      example: '{"ENCRYPTION_KEY":"arn:aws:secretsmanager:us-east-1:111122223333:secret:keys-AbCdEf:encryption_key"}',
    },
  ),
  ORIGIN_VERIFY_HASHES: variable(json(OriginHashes, 'must be a JSON list of SHA-256 in hex').optional(), {
    description:
      'SHA-256, in hex, of what CloudFront sends in x-origin-verify, as a JSON list. With it a function serves no request that came past CloudFront.',
    example: '["<64 hex digits>"]',
  }),
} as const satisfies Record<string, VariableContract>;
