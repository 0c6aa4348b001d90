/** The operators' commands as they are run, against a stand-in for AWS. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateReplicationGroupCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { repository } from '../modules/testing/synthesized.ts';
import { bootstrap } from './bootstrap.ts';
import { doctor } from './doctor.ts';
import { image } from './image.ts';
import type { Finding } from './operate/health/examine.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { createSecrets } from './operate/secrets/create.ts';
import { awsPorts } from './operate/secrets/ports.ts';
import { rotateSecret } from './operate/secrets/rotate.ts';
import { openVault } from './operate/secrets/vault.ts';
import { terraformVariables } from './platform/variables.ts';
import { secrets } from './secrets.ts';
import { zip } from './zip.ts';

const region = 'us-east-1';
const environment = 'examples/tag-governance/prod';
const at = { region, maxAttempts: 1 };

const { hostWith, run, lines, said, forget, url } = onStandIn(environment);

describe('bootstrap', () => {
  const args = ['--environment', 'dev'];
  const Bucket = 'countersign-111122223333-terraform-state';
  const bucket = () => new S3Client({ ...at, forcePathStyle: true });

  it('says what it would make, and makes nothing', async () => {
    expect(await run(bootstrap, [...args, '--dry-run'])).toBe(2);
    expect(said()).toMatch(/to correct {4}exists\n.*\n.*\n {2}to correct {4}versions/);
    await expect(bucket().send(new GetBucketVersioningCommand({ Bucket }))).rejects.toThrow();
  });

  it('makes a bucket that keeps old states, for the account alone, over TLS', async () => {
    expect(await run(bootstrap, args)).toBe(0);
    const client = bucket();
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const { PublicAccessBlockConfiguration } = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      'AES256',
    );
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules?.[0]?.NoncurrentVersionExpiration).toMatchObject({ NoncurrentDays: 90 });
    const { Policy = '' } = await client.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy)).toMatchObject({
      Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    });
  });

  it('finds all right the second time, and corrects only what somebody changed', async () => {
    await run(bootstrap, args);
    forget();
    await run(bootstrap, args);
    expect(said()).not.toContain('corrected');
    const client = bucket();
    const other = {
      Sid: 'Theirs',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteBucket',
      Resource: `arn:aws:s3:::${Bucket}`,
    };
    await client.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [other] }) }),
    );
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));
    forget();
    expect(await run(bootstrap, args)).toBe(0);
    expect(lines.filter((line) => line.includes('corrected')).map((line) => line.trim())).toEqual([
      'corrected     versions',
      'corrected     TLS only',
    ]);
    const { Policy = '' } = await client.send(new GetBucketPolicyCommand({ Bucket }));
    const { Statement } = JSON.parse(Policy) as { readonly Statement: readonly { readonly Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).toEqual(['Theirs', 'TlsOnly']);
  });

  it('refuses another account before anything', async () => {
    const operated = await openOperated(hostWith(), { environment: 'dev' });
    const folder = await mkdtemp(join(tmpdir(), 'operators-'));
    await mkdir(join(folder, 'environments'));
    const text = await readFile(join(repository, operated.file), 'utf8');
    await writeFile(join(folder, operated.file), text.replaceAll('111122223333', '999988887777'));
    expect(await run(bootstrap, args, { root: folder })).toBe(1);
    expect(said()).toBe(
      'The credentials are of account 111122223333, but dev lives in 999988887777: use the right profile, or correct account_id.',
    );
    await rm(folder, { recursive: true });
  });
});

describe('secrets', () => {
  const prefix = 'finops/mcp';
  const client = () => new SecretsManagerClient(at);
  const read = async (name: string) =>
    (await client().send(new GetSecretValueCommand({ SecretId: `${prefix}/${name}`, VersionStage: 'AWSCURRENT' })))
      .SecretString ?? '';
  const shells = async () => {
    for (const name of ['encryption-keys', 'oauth-credentials', 'cache-credentials'])
      await client().send(new CreateSecretCommand({ Name: `${prefix}/${name}` }));
    await new ElastiCacheClient(at).send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: 'tagging-mcp-cache',
        ReplicationGroupDescription: 'Cache',
        Engine: 'redis',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheClusters: 2,
        TransitEncryptionEnabled: true,
        Port: 6379,
      }),
    );
  };
  const service = async () => {
    const ecs = new ECSClient(at);
    await ecs.send(new CreateClusterCommand({ clusterName: 'tagging-mcp-cluster' }));
    const containerDefinitions = [{ name: 'mcp-server', image: 'i:1', memory: 128 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions }));
    for (const serviceName of ['tagging-mcp-server', 'tagging-mcp-server-green'])
      await ecs.send(
        new CreateServiceCommand({ cluster: 'tagging-mcp-cluster', serviceName, taskDefinition: 'f', desiredCount: 1 }),
      );
  };
  const usual = { name: undefined, key: undefined, generate: false, dryRun: false, restart: true };

  it('makes the headers that the first plan asks for, which terraform is then handed', async () => {
    expect(await run(secrets, ['create', '--environment', environment])).toBe(2);
    const { deployments, settings } = await openOperated(hostWith(), { environment });
    expect(deployments).toHaveLength(1);
    const folder = await mkdtemp(join(tmpdir(), 'operators-'));
    await writeFile(join(folder, 'cdk.tf.json'), JSON.stringify({ variable: { preview_values: {} } }));
    const variables = await terraformVariables({
      environment,
      file: 'x',
      label: 'x',
      settings,
      target: { kind: 'aws' },
      out: folder,
      stacks: [{ name: 'x', folder, region, producers: [] }],
    });
    const { current } = JSON.parse(await read('preview')) as { readonly current: string };
    expect(variables).toEqual({ TF_VAR_preview_values: JSON.stringify([current]) });
    await rm(folder, { recursive: true });
  });

  it('fills what terraform made, sets the cache’s token, restarts both colours, and shows nothing', async () => {
    await shells();
    await service();
    const operated = await openOperated(hostWith(), { environment });
    const askHidden = async () => 'of-the-provider';
    expect(await createSecrets(hostWith({ askHidden }), operated, awsPorts(5), usual)).toBe(0);
    expect(JSON.parse(await read('oauth-credentials'))).toEqual({ client_secret: 'of-the-provider' });
    const url = new URL((JSON.parse(await read('cache-credentials')) as { readonly url: string }).url);
    expect(url.protocol).toBe('rediss:');
    expect(url.port).toBe('6379');
    expect(said()).toContain('restarting service tagging-mcp-server, service tagging-mcp-server-green');
    for (const value of ['of-the-provider', url.password, await read('encryption-keys')])
      expect(said()).not.toContain(value);
    forget();
    expect(await run(secrets, ['list', '--environment', environment])).toBe(0);
    expect(said()).toMatch(/finops\/mcp\/oauth-credentials:client_secret +us-east-1 +there +0 +SSO_CLIENT_SECRET/);
    expect(said()).not.toContain('of-the-provider');
  });

  it('rotates one key of a secret, and leaves the version before to be had back', async () => {
    await shells();
    const operated = await openOperated(hostWith(), { environment });
    await createSecrets(hostWith({ askHidden: async () => 'first' }), operated, awsPorts(5), usual);
    const how = { ...usual, name: 'oauth-credentials', retire: false, yes: false };
    expect(await rotateSecret(hostWith({ input: async () => 'second\n' }), operated, awsPorts(5), how)).toBe(0);
    expect(await read('oauth-credentials')).toBe('{"client_secret":"second"}');
    const before = new GetSecretValueCommand({ SecretId: `${prefix}/oauth-credentials`, VersionStage: 'AWSPREVIOUS' });
    expect((await client().send(before)).SecretString).toBe('{"client_secret":"first"}');
  });

  it('does not write over what somebody else has written meanwhile', async () => {
    await shells();
    const vault = openVault(region);
    const name = `${prefix}/oauth-credentials`;
    const empty = await vault.read(name);
    if (empty === undefined) throw new Error('no secret');
    await vault.write(name, '{"client_secret":"a"}', empty);
    const held = await vault.read(name);
    if (held === undefined) throw new Error('no secret');
    await vault.write(name, '{"client_secret":"b"}', held);
    await expect(vault.write(name, '{"client_secret":"hunter2"}', held)).rejects.toThrow(
      `Somebody else has changed the secret ${name} in us-east-1 meanwhile.`,
    );
    expect((await vault.read(name))?.text).toBe('{"client_secret":"b"}');
    vault.close();
  });
});

/** Without a client for IAM: its API is a form. */
const role = async (RoleName: string): Promise<void> => {
  const body = new URLSearchParams({
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName,
    AssumeRolePolicyDocument: '{}',
  });
  const authorization = 'AWS4-HMAC-SHA256 Credential=any/20261121/us-east-1/iam/aws4_request';
  const response = await fetch(url(), { method: 'POST', body, headers: { authorization } });
  if (!response.ok) throw new Error(await response.text());
};

describe('a function that is restarted', () => {
  const FunctionName = 'startup-mcp-prod-service';
  const name = 'startup-mcp/prod/encryption-keys';
  const zipped = zip(new Map([['lambda.js', Buffer.from('export const handler = () => {};')]]));
  const functionOf = async (deployed: LambdaClient, Qualifier?: string) =>
    deployed.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));

  it('has a new version behind its alias, and is described as Terraform described it', async () => {
    await role('r');
    const lambda = new LambdaClient(at);
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Description: 'the service',
        Role: 'arn:aws:iam::111122223333:role/r',
        Runtime: 'nodejs22.x',
        Handler: 'lambda.handler',
        Code: { ZipFile: zipped },
        Publish: true,
      }),
    );
    await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
    await new SecretsManagerClient(at).send(new CreateSecretCommand({ Name: name }));
    const operated = await openOperated(hostWith(), { environment: 'examples/startup/prod' });
    const usual = { name: undefined, key: undefined, generate: false, dryRun: false, restart: true };
    expect(await createSecrets(hostWith(), operated, awsPorts(5), usual)).toBe(0);
    expect(said()).toContain(`restarting function ${FunctionName}, version 2`);
    expect(await functionOf(lambda, 'live')).toMatchObject({ Version: '2', Description: 'the service' });
    expect(await functionOf(lambda)).toMatchObject({ Version: '$LATEST', Description: 'the service' });
  });
});

describe('image', () => {
  // It says what it was given, as the engines do not.
  const stub = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require('node:fs');
const args = process.argv.slice(2);
const stdin = args[0] === 'login' ? readFileSync(0, 'utf8') : '';
appendFileSync(process.env.STUB_LOG, JSON.stringify({ args, stdin, config: process.env.DOCKER_CONFIG, host: process.env.DOCKER_HOST }) + '\\n');
if (args[0] === 'context') console.log('unix:///run/engine.sock');
if (process.env.STUB_FAILS === args[0]) { console.error('engine says no: ' + stdin); process.exit(3); }
`;
  interface Call {
    readonly args: readonly string[];
    readonly stdin: string;
    readonly config?: string;
    readonly host?: string;
  }
  let folder: string;
  let env: NodeJS.ProcessEnv;
  const calls = async (): Promise<Call[]> =>
    (await readFile(join(folder, 'log'), 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Call);
  const ecr = () => new ECRClient(at);
  const name = 'finops-tag-compliance-mcp';
  const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
  const args = ['--environment', environment, '--tag', 'v3.0.0'];
  /** What a push does. */
  const pushed = () =>
    ecr().send(
      new PutImageCommand({
        repositoryName: name,
        imageTag: 'v3.0.0',
        imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
        imageManifest: JSON.stringify({ schemaVersion: 2, config: {}, layers: [] }),
      }),
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operators-'));
    await writeFile(join(folder, 'docker'), stub);
    await chmod(join(folder, 'docker'), 0o755);
    env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, STUB_LOG: join(folder, 'log') };
    delete env.DOCKER_HOST;
    await ecr().send(new CreateRepositoryCommand({ repositoryName: name, imageTagMutability: 'IMMUTABLE' }));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('prints its steps with --dry-run, and takes none', async () => {
    expect(await run(image, [...args, '--dry-run'], { env })).toBe(0);
    expect(lines.at(-1)).toBe(`docker push ${registry}/${name}:v3.0.0`);
    expect((await calls()).map(({ args: given }) => given[0])).toEqual(['--version', 'info', 'context']);
  });

  it('builds for the processor, signs in by standard input, and pushes', async () => {
    // The stub pushes nothing, so that the image is missing afterwards: it got as far as asking for its digest.
    expect(await run(image, args, { env })).toBe(1);
    expect(said()).toContain('v3.0.0 was pushed and is not there');
    const [, , , build, login, push] = await calls();
    expect(build?.args.slice(0, 3)).toEqual(['build', '--platform', 'linux/amd64']);
    expect(build?.args).toContain('VERSION=v3.0.0');
    expect(build?.args.slice(-3)).toEqual(['--tag', `${registry}/${name}:v3.0.0`, repository]);
    expect(login?.args).toEqual(['login', '--username', 'AWS', '--password-stdin', registry]);
    expect(login?.stdin).not.toBe('');
    expect(push?.args).toEqual(['push', `${registry}/${name}:v3.0.0`]);
    expect(push?.host).toBe('unix:///run/engine.sock');
    // What the engine remembers of the sign-in is gone.
    expect(login?.config).toContain('countersign-login-');
    expect(push?.config).toBe(login?.config);
    await expect(readFile(join(push?.config ?? '', 'config.json'))).rejects.toThrow('ENOENT');
    expect(JSON.stringify((await calls()).map(({ args: given }) => given))).not.toContain(login?.stdin);
    expect(said()).not.toContain(login?.stdin);
  });

  it('refuses a tag that is taken, before it builds', async () => {
    await pushed();
    expect(await run(image, args, { env })).toBe(1);
    expect(said()).toMatch(/finops-tag-compliance-mcp:v3\.0\.0 exists in us-east-1 \(sha256:[0-9a-f]{64}\)/);
    expect((await calls()).map(({ args: given }) => given[0])).not.toContain('build');
  });

  it('repeats nothing of what a failed sign-in says', async () => {
    expect(await run(image, args, { env: { ...env, STUB_FAILS: 'login' } })).toBe(1);
    const login = (await calls()).find(({ args: given }) => given[0] === 'login');
    expect(said()).toContain(`docker could not sign in to ${registry} (3).`);
    expect(said()).not.toContain(login?.stdin);
  });

  it('says which part of the engine is missing', async () => {
    const away = { ...env, PATH: process.env.PATH };
    expect(await run(image, [...args, '--builder', 'podman'], { env: { ...away, PATH: folder } })).toBe(1);
    expect(await run(image, args, { env: { ...env, STUB_FAILS: 'info' } })).toBe(1);
    expect(lines).toEqual([
      'podman is not installed here: install it, or use --builder docker.',
      'docker is installed, but its service does not answer: start it.',
    ]);
  });

  it('makes a shared repository only when told, with tags that never move', async () => {
    const shared = ['--environment', 'dev', '--tag', 'v1'];
    expect(await run(image, shared, { env })).toBe(1);
    expect(said()).toContain('There is no repository countersign in us-east-1: make it with --create-repository.');
    await run(image, [...shared, '--create-repository'], { env });
    const { repositories = [] } = await ecr().send(
      new DescribeRepositoriesCommand({ repositoryNames: ['countersign'] }),
    );
    expect(repositories[0]?.imageTagMutability).toBe('IMMUTABLE');
  });
});

describe('doctor', () => {
  const json = async (...args: string[]): Promise<Finding[]> => {
    await run(doctor, ['--environment', environment, '--json', ...args]);
    return JSON.parse(lines.at(-1) ?? '[]') as Finding[];
  };
  const brief = (findings: readonly Finding[]) =>
    findings.map(({ check, subject, verdict }) => [check, subject, verdict]);

  it('says of an environment that was never deployed what is missing, without one check failing', async () => {
    const findings = await json(
      '--check',
      'targets',
      '--check',
      'tasks',
      '--check',
      'database',
      '--check',
      'cache',
      '--check',
      'secrets',
      '--check',
      'certificates',
      '--check',
      'alarms',
      '--check',
      'state',
    );
    expect(brief(findings).filter(([, , verdict]) => verdict !== 'broken')).toEqual([
      ['alarms', 'tagging-mcp', 'attention'],
    ]);
    expect(findings.filter(({ says }) => says.includes('npm run deploy'))).not.toEqual([]);
  });

  it('finds what runs, what sounds, and when it was applied', async () => {
    const ecs = new ECSClient(at);
    await ecs.send(new CreateClusterCommand({ clusterName: 'tagging-mcp-cluster' }));
    const containerDefinitions = [{ name: 'mcp-server', image: 'other:1', memory: 128 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions }));
    await ecs.send(
      new CreateServiceCommand({
        cluster: 'tagging-mcp-cluster',
        serviceName: 'tagging-mcp-server',
        taskDefinition: 'f',
        desiredCount: 2,
      }),
    );
    const cloudwatch = new CloudWatchClient(at);
    for (const AlarmName of ['tagging-mcp-errors', 'tagging-mcp-cpu-blue'])
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          MetricName: 'm',
          Namespace: 'n',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      );
    await cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName: 'tagging-mcp-errors', StateValue: 'ALARM', StateReason: 'eleven errors' }),
    );
    await run(bootstrap, ['--environment', environment]);
    const s3 = new S3Client({ ...at, forcePathStyle: true });
    await s3.send(
      new PutObjectCommand({
        Bucket: 'tagging-mcp-111122223333-terraform-state',
        Key: 'tagging-mcp/prod/us-east-1.tfstate',
        Body: '{}',
      }),
    );
    const findings = await json('--check', 'tasks', '--check', 'images', '--check', 'alarms', '--check', 'state');
    expect(brief(findings)).toEqual([
      ['tasks', 'tagging-mcp-server', 'ok'],
      ['tasks', 'tagging-mcp-server-green', 'broken'],
      ['images', 'tagging-mcp-server', 'attention'],
      ['alarms', 'tagging-mcp-errors', 'broken'],
      ['state', 'tagging-mcp/prod/us-east-1.tfstate', 'ok'],
    ]);
    expect(findings.find(({ check }) => check === 'alarms')?.says).toContain('eleven errors');
    expect(findings.find(({ check }) => check === 'images')?.says).toContain('other:1');
  });

  it('refuses a check that there is not', async () => {
    expect(await run(doctor, ['--environment', environment, '--check', 'luck'])).toBe(64);
    expect(said()).toMatch(/^--check does not take "luck"\. It takes names, tls, /);
  });
});
