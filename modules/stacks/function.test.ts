import { environment } from '../../contracts/environment.ts';
import { actionsAllowed, rulesOf } from '../testing/policy.ts';
import { primaryDeploymentOf, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { archiveOf, ServiceFunction } from './function.ts';
import type { NetworkOutputs, StorageOutputs } from './outputs.ts';

const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:startup-mcp/prod/${name}-AbCdEf`;
const storage: StorageOutputs = {
  keys: {},
  buckets: {},
  secrets: { 'encryption-keys': arn('encryption-keys'), 'cache-credentials': arn('cache-credentials') },
};
const network: NetworkOutputs = {
  vpcId: 'vpc-1',
  publicSubnets: {},
  privateSubnets: { 'us-east-1a': 'subnet-private' },
  databaseSubnets: {},
  securityGroups: { tasks: 'sg-tasks' },
};

const made = async (changes: Record<string, unknown> = {}, emulated = false): Promise<Synthesized> => {
  const deployment = await primaryDeploymentOf('examples/startup/prod', changes);
  const target = emulated
    ? ({ kind: 'emulator', url: 'http://localhost:5000', stateFolder: '.' } as const)
    : deployment.target;
  return synthesized((stack) => {
    new ServiceFunction(stack, 'service', {
      deployment: { ...deployment, target },
      network: deployment.shape.vpc ? network : undefined,
      storage,
      domain: {},
      auth: { issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool', clientId: 'client' },
      queueArns: [],
      jobsQueueArn: deployment.settings.job_queue === 'sqs' ? 'arn:aws:sqs:jobs' : undefined,
      queueUrls: {},
      publicUrl: 'https://mcp.startup.example.com',
      originHashes: JSON.stringify(['a'.repeat(64)]),
    });
  });
};
const variablesOf = (synth: Synthesized): Record<string, string> =>
  (synth.one('aws_lambda_function').environment as { variables: Record<string, string> }).variables;

describe('the service as a function', () => {
  it('has the startup’s figures', async () => {
    const synth = await made();
    expect(synth.one('aws_lambda_function')).toMatchObject({
      architectures: ['arm64'],
      memory_size: 1024,
      timeout: 29,
      runtime: 'nodejs22.x',
      tracing_config: { mode: 'Active' },
    });
    expect(synth.one('aws_lambda_function')).not.toHaveProperty('vpc_config');
    expect(synth.one('aws_cloudwatch_log_group')).toMatchObject({
      name: `/aws/lambda/${synth.one('aws_lambda_function').function_name}`,
      retention_in_days: 30,
    });
  });

  it('is handed ten ids of jobs at a time through its alias, and may receive them', async () => {
    const synth = await made();
    expect(synth.one('aws_lambda_event_source_mapping')).toMatchObject({
      event_source_arn: 'arn:aws:sqs:jobs',
      function_name: expect.stringMatching(/aws_lambda_alias\..*\.arn/),
      batch_size: 10,
      function_response_types: ['ReportBatchItemFailures'],
      scaling_config: { maximum_concurrency: 2 },
      depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
    });
    const [name = ''] = Object.keys(synth.data('aws_iam_policy_document')).filter((each) => /permissions/.test(each));
    const rules = rulesOf(synth, name.replace(/_[0-9A-F]{8}$/, ''));
    expect(actionsAllowed(rules).filter((action) => action.startsWith('sqs:'))).toEqual([
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    expect((await made({ job_queue: 'tables' })).all('aws_lambda_event_source_mapping')).toEqual({});
  });

  it('is told what the contract knows, and which secrets to read', async () => {
    const variables = variablesOf(await made());
    expect(Object.keys(variables).filter((name) => !Object.hasOwn(environment, name))).toEqual([]);
    expect(variables).not.toHaveProperty('AWS_REGION');
    expect(variables).toMatchObject({ STORE: 'dynamodb', PUBLIC_URL: 'https://mcp.startup.example.com' });
    expect(environment.SECRETS_FROM.schema.parse(variables.SECRETS_FROM)).toEqual({
      ENCRYPTION_KEY: `${arn('encryption-keys')}:encryption_key`,
    });
    expect(environment.ORIGIN_VERIFY_HASHES.schema.parse(variables.ORIGIN_VERIFY_HASHES)).toEqual(['a'.repeat(64)]);
    // No proxy of ours is before it, and nobody's word about callers but the event's.
    for (const absent of ['TRUSTED_PROXIES', 'AUTHORIZER_CONTEXT_FROM']) expect(variables).not.toHaveProperty(absent);
  });

  it('holds no secret in its variables', async () => {
    for (const [name, value] of Object.entries(variablesOf(await made()))) {
      expect(environment[name as keyof typeof environment].secret).toBe(false);
      expect(value).not.toMatch(/password|BEGIN/i);
    }
  });

  it('joins the VPC only for what has no public address', async () => {
    const synth = await made({
      cache_enabled: true,
      vpc_cidr: '10.0.0.0/16',
      availability_zones: ['us-east-1a', 'us-east-1b'],
      public_cidrs: ['10.0.1.0/24', '10.0.2.0/24'],
      private_cidrs: ['10.0.11.0/24', '10.0.12.0/24'],
      nat_mode: 'single',
    });
    expect(synth.one('aws_lambda_function').vpc_config).toEqual({
      subnet_ids: ['subnet-private'],
      security_group_ids: ['sg-tasks'],
    });
    expect(JSON.parse(variablesOf(synth).SECRETS_FROM ?? '{}')).toHaveProperty('REDIS_URL');
  });

  it('is kept warm where that is set, but not by the emulator, which cannot', async () => {
    const changes = { lambda_provisioned_concurrency: 5, lambda_reserved_concurrency: 50 };
    const synth = await made(changes);
    expect(synth.one('aws_lambda_provisioned_concurrency_config').provisioned_concurrent_executions).toBe(5);
    expect(synth.one('aws_lambda_function').reserved_concurrent_executions).toBe(50);
    expect((await made(changes, true)).all('aws_lambda_provisioned_concurrency_config')).toEqual({});
  });

  it('leaves the version in service to cutovers with lambda_cutover, at the same addresses', async () => {
    const ignored = (synth: Synthesized) => synth.one('aws_lambda_alias').lifecycle;
    const [plain, shifted] = [await made(), await made({ lambda_cutover: true, lambda_provisioned_concurrency: 2 })];
    expect(ignored(plain)).toEqual({ ignore_changes: ['routing_config'] });
    expect(ignored(shifted)).toEqual({ ignore_changes: ['routing_config', 'function_version'] });
    expect(shifted.all('aws_lambda_provisioned_concurrency_config')).toEqual({});
    for (const type of ['aws_lambda_function', 'aws_lambda_alias'])
      expect(Object.keys(shifted.all(type))).toEqual(Object.keys(plain.all(type)));
  });
});

it('finds archives where npm run build puts them, unless told where else', async () => {
  const deployment = await primaryDeploymentOf('examples/startup/prod');
  expect(archiveOf({ ...deployment, archives: undefined }, 'service')).toMatch(/\/dist\/functions\/service\.zip$/);
  expect(archiveOf({ ...deployment, archives: '/elsewhere' }, 'authorizer')).toBe('/elsewhere/authorizer.zip');
});
