/** For tests: a function of two versions on the stand-in for AWS, as Terraform makes it; the alias leads to the first. */
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import type { HttpApiEvent } from '../../../../service/src/lambda/event.ts';
import { zip } from '../../../zip.ts';
import { runningNames } from '../../running.ts';

export const originSecret = 'o'.repeat(40);

const codeOf = (text: string) => zip(new Map([['lambda.js', Buffer.from(text)]]));

export const deployFunction = async (deployment: Deployment): Promise<void> => {
  const { region, names, settings } = deployment;
  const FunctionName = runningNames(deployment).function;
  const client = new LambdaClient({ region });
  await new S3Client({ region }).send(new CreateBucketCommand({ Bucket: settings.state_bucket }));
  const SecretString = JSON.stringify({ current: originSecret });
  const Name = names.secret('origin-verify');
  await new SecretsManagerClient({ region }).send(new CreateSecretCommand({ Name, SecretString }));
  const { Role } = await new IAMClient({ region }).send(
    new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' }),
  );
  await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: 'lambda.handler',
      Code: { ZipFile: codeOf('1') },
      Publish: true,
    }),
  );
  await client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: codeOf('2'), Publish: true }));
};

/** Where the alias leads: a version, and the weights of others. */
export const aliasOf = async (deployment: Deployment): Promise<readonly [string | undefined, object]> => {
  const FunctionName = runningNames(deployment).function;
  const client = new LambdaClient({ region: deployment.region });
  const { FunctionVersion, RoutingConfig } = await client.send(new GetAliasCommand({ FunctionName, Name: 'live' }));
  return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights ?? {}];
};

/** What a version returns to an event: what a server returns to the request in it. */
export const answerEvent = async (url: string, event: HttpApiEvent): Promise<object> => {
  const { method } = event.requestContext.http;
  const { host: _, ...headers } = event.headers;
  const told = await fetch(url + event.rawPath, { method, headers, ...(event.body && { body: event.body }) });
  return {
    statusCode: told.status,
    headers: Object.fromEntries(told.headers),
    body: Buffer.from(await told.text()).toString('base64'),
    isBase64Encoded: true,
  };
};
