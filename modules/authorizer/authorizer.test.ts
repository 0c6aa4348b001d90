import { join } from 'node:path';
import { parseAuthorizerEnvironment } from '../../contracts/authorizer-environment.ts';
import { archives, synthesized } from '../testing/synthesized.ts';
import { Authorizer } from './authorizer.ts';

it('is a small function that is told what to check', () => {
  const block = synthesized(
    (stack) =>
      new Authorizer(stack, 'authorizer', {
        name: 'marketing-mcp-authorizer',
        archive: join(archives, 'authorizer.zip'),
        architecture: 'X86_64',
        roleArn: 'arn:aws:iam::111122223333:role/authorizer',
        rules: {
          ISSUER: 'https://mcp.example.com',
          AUDIENCE: 'https://mcp.example.com/mcp',
          ALGORITHMS: 'ES256',
          API_KEY_HEADER: undefined,
        },
      }),
  ).one('aws_lambda_function');
  expect(block).toMatchObject({
    function_name: 'marketing-mcp-authorizer',
    memory_size: 256,
    timeout: 5,
    handler: 'handler.handler',
    runtime: 'nodejs22.x',
  });
  const { variables } = block.environment as { variables: Record<string, string> };
  // What it is told is what it can read.
  expect(parseAuthorizerEnvironment(variables)).toMatchObject({ ALGORITHMS: ['ES256'], SCOPES: 'token' });
});
