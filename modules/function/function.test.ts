import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformOutput } from 'cdktf';
import { archives, synthesized } from '../testing/synthesized.ts';
import { MissingArchiveError } from './archive.ts';
import { type FunctionProps, LiveFunction } from './function.ts';

const props: FunctionProps = {
  name: 'countersign-prod-service',
  description: 'the service',
  archive: join(archives, 'service.zip'),
  handler: 'lambda.handler',
  architecture: 'ARM64',
  memory: 1024,
  timeout: 29,
  roleArn: 'arn:aws:iam::111122223333:role/service',
  environment: { STORE: 'dynamodb', PUBLIC_URL: 'https://mcp.example.com', SSO_ISSUER: undefined, REDIS_URL: '' },
};
const made = (changes: Partial<FunctionProps> = {}) =>
  synthesized((stack) => new LiveFunction(stack, 'function', { ...props, ...changes }));
const block = (changes: Partial<FunctionProps> = {}) => made(changes).one('aws_lambda_function');

describe('a function', () => {
  it('runs its archive as it was sized', () => {
    expect(block()).toMatchObject({
      function_name: 'countersign-prod-service',
      runtime: 'nodejs22.x',
      handler: 'lambda.handler',
      architectures: ['arm64'],
      memory_size: 1024,
      timeout: 29,
      publish: true,
      role: props.roleArn,
      tracing_config: { mode: 'Active' },
    });
    expect(block({ architecture: 'X86_64', traces: false })).toMatchObject({
      architectures: ['x86_64'],
      tracing_config: { mode: 'PassThrough' },
    });
  });

  it('has the storage it is given, above what is included', () => {
    expect(block({ storage: 1024 })).toMatchObject({ ephemeral_storage: { size: 1024 } });
    for (const included of [{}, { storage: 512 }]) expect(block(included)).not.toHaveProperty('ephemeral_storage');
  });

  it('is told variables that have a value, and none that the runtime sets', () => {
    const environment = { ...props.environment, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'http://localhost:5000' };
    expect(block({ environment }).environment).toEqual({
      variables: {
        STORE: 'dynamodb',
        PUBLIC_URL: 'https://mcp.example.com',
        AWS_ENDPOINT_URL: 'http://localhost:5000',
      },
    });
    expect(block({ environment: {} })).not.toHaveProperty('environment');
  });

  it('joins a VPC and reserves executions only where that is said', () => {
    const plain = block();
    for (const absent of ['vpc_config', 'reserved_concurrent_executions', 'kms_key_arn'])
      expect(plain).not.toHaveProperty(absent);
    const placed = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
    expect(block({ vpc: placed, reservedConcurrency: 50, keyArn: 'arn:aws:kms:::key/1' })).toMatchObject({
      vpc_config: { subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] },
      reserved_concurrent_executions: 50,
      kms_key_arn: 'arn:aws:kms:::key/1',
    });
  });
});

describe('its alias', () => {
  it('is live, and its weights are not Terraform’s', () => {
    const result = made();
    const [address = ''] = Object.keys(result.all('aws_lambda_function'));
    expect(result.one('aws_lambda_alias')).toMatchObject({
      name: 'live',
      function_version: `\${aws_lambda_function.${address}.version}`,
      lifecycle: { ignore_changes: ['routing_config'] },
    });
    expect(result.all('aws_lambda_provisioned_concurrency_config')).toEqual({});
  });

  it('stays at its version where that is said, and keeps none warm itself', () => {
    const result = made({ versionIsManaged: true, provisionedConcurrency: 5 });
    expect(result.one('aws_lambda_alias').lifecycle).toEqual({
      ignore_changes: ['routing_config', 'function_version'],
    });
    // What a first deployment begins with.
    expect(result.one('aws_lambda_alias').function_version).toMatch(/^\$\{aws_lambda_function\..*\.version\}$/);
    expect(result.all('aws_lambda_provisioned_concurrency_config')).toEqual({});
    expect(Object.keys(result.all('aws_lambda_alias'))).toEqual(Object.keys(made().all('aws_lambda_alias')));
  });

  it('is waited for by whoever names it', () => {
    const { json } = synthesized((stack) => {
      const { alias } = new LiveFunction(stack, 'function', props);
      new TerraformOutput(stack, 'name', { value: alias.name });
    });
    const { output } = JSON.parse(json) as { output: { name: { value: string } } };
    expect(output.name.value).toMatch(/^\$\{aws_lambda_alias\..*\.name\}$/);
  });

  it('is kept warm where that is said', () => {
    const result = made({ provisionedConcurrency: 5 });
    expect(result.one('aws_lambda_provisioned_concurrency_config')).toMatchObject({
      provisioned_concurrent_executions: 5,
      qualifier: expect.stringContaining('aws_lambda_alias'),
    });
  });
});

describe('its archive', () => {
  it('is known to Lambda by its content', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-archive-'));
    const one = join(folder, 'one.zip');
    const other = join(folder, 'other.zip');
    await Promise.all([writeFile(one, 'a'), writeFile(other, 'b')]);
    const [first, second] = [block({ archive: one }), block({ archive: other })];
    expect(first.source_code_hash).toBe(createHash('sha256').update(readFileSync(one)).digest('base64'));
    expect(second.source_code_hash).not.toBe(first.source_code_hash);
    expect(second.filename).not.toBe(first.filename);
    await writeFile(other, 'a');
    expect(block({ archive: other }).source_code_hash).toBe(first.source_code_hash);
    await rm(folder, { recursive: true });
  });

  it('must have been built', () => {
    expect(() => made({ archive: '/nowhere/service.zip' })).toThrow(MissingArchiveError);
    expect(() => made({ archive: '/nowhere/service.zip' })).toThrow(
      '/nowhere/service.zip is missing: npm run build makes it.',
    );
  });
});
