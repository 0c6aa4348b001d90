/** What the synthesized workload needs decides what its network must offer. */
import { TerraformStack, Testing } from 'cdktf';
import { serviceAccess } from '../../contracts/endpoints.ts';
import { packs } from '../../contracts/packs/index.ts';
import type { PackContract } from '../../contracts/packs/pack.ts';
import { interfaceEndpointServices } from '../../contracts/settings/network.ts';
import { breachesOf } from '../policy/policies.ts';
import { archives, repository, settingsOf } from '../testing/synthesized.ts';
import { environmentNames } from '../tfvars/read.ts';
import { deploymentOf } from './deployment.ts';
import { networkOfferOf } from './network-offer.ts';
import { buildApp } from './synthesize.ts';

type Changes = Readonly<Record<string, unknown>>;

/** Breaches of the policy in the first region: `cannot reach ...`, without address and policy. */
const unreached = async (name: string, changes: Changes = {}): Promise<readonly string[]> => {
  const regions = (await settingsOf(name, changes)).slice(0, 1);
  const options = { label: 'x', regions, target: { kind: 'aws' }, outdir: 'unused', archives } as const;
  const stacks = buildApp(options)
    .node.children.filter((child) => child instanceof TerraformStack)
    .filter(({ node }) => !node.id.endsWith('access'));
  const [settings] = regions;
  if (settings === undefined) throw new Error(`${name} has no region`);
  const network = networkOfferOf(deploymentOf(settings, 0, options));
  const settled = { settings: { ...settings }, place: (setting: string) => `x.tfvars:${setting.length}` };
  const lines = stacks.flatMap((stack) => breachesOf(JSON.parse(Testing.synth(stack)), false, { network, settled }));
  return lines.filter((line) => line.includes('cannot reach')).map((line) => line.replace(/^.*?(?=cannot)/, ''));
};

/** What a line says is missing. */
const missing = (line: string): string => /^cannot reach (.+?) \(/.exec(line)?.[1] ?? line;

const ecr = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1';
/** A custom image that signs nobody in and keeps nothing: with four endpoints it needs no internet. */
const isolated = {
  regions: ['eu-west-1'],
  region_settings: undefined,
  private_cidrs: ['172.31.64.0/20', '172.31.80.0/20', '172.31.96.0/20'],
  vpc_endpoints: ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager'],
  container_image: ecr,
};
const custom = (changes: Changes = {}) => unreached('examples/market-data/dev', { ...isolated, ...changes });
const without = (endpoint: string) => ({
  vpc_endpoints: isolated.vpc_endpoints.filter((other) => other !== endpoint),
});
const alsoThrough = (...endpoints: string[]) => ({ vpc_endpoints: [...isolated.vpc_endpoints, ...endpoints] });

describe.each(await environmentNames(repository))('%s', (name) => {
  it('reaches all it needs', async () => {
    expect(await unreached(name)).toEqual([]);
  });
});

describe('a task without NAT', () => {
  it('needs nothing more where its endpoints do', async () => {
    expect(await custom()).toEqual([]);
  });

  it.each<[what: string, changes: Changes, says: RegExp]>([
    [
      'ECR’s API',
      without('ecr.api'),
      /^cannot reach ECR \(image 1\S+\): change vpc_endpoints \(x\.tfvars:13\).*Add "ecr\.api" to vpc_endpoints, or set nat_mode\. See https:\/\/docs/,
    ],
    ['ECR’s registry', without('ecr.dkr'), /ECR .*Add "ecr\.dkr" to vpc_endpoints/],
    ['its log', without('logs'), /CloudWatch Logs \(log driver awslogs\).*Add "logs" to vpc_endpoints/],
    ['its secrets', without('secretsmanager'), /Secrets Manager \(secret API_KEY\).*Add "secretsmanager"/],
    ['a public registry', { container_image: 'ghcr.io/example-org/app:v1' }, /ghcr\.io \(image .*Set nat_mode/],
    ['Docker Hub', { container_image: 'example/app:v1' }, /registry-1\.docker\.io \(image example\/app:v1\)/],
    [
      'a registry on another port',
      { container_image: 'r.example.com:5000/a:v1' },
      /r\.example\.com:5000 .*5000 to task_egress/,
    ],
    [
      'an image of another region',
      { container_image: ecr.replace('eu-', 'us-') },
      /ECR in us-west-1 .*serves its own region/,
    ],
    ['the image of the collector', { ...alsoThrough('xray'), xray: true }, /public\.ecr\.aws \(image public/],
    ['traces', { xray: true }, /X-Ray \(role xray:PutTelemetryRecords, .*Add "xray"/],
    ['queues', { queues: ['work'], task_grants: ['queues'] }, /SQS \(role sqs:ChangeMessageVisibility, .*Add "sqs"/],
    ['mail', { mail_domain: 'example.com', task_grants: ['mail'] }, /SES \(role ses:SendEmail\).*Add "email"/],
    ['metrics', { task_grants: ['metrics'] }, /CloudWatch \(role cloudwatch:PutMetricData\).*Add "monitoring"/],
    ['a shell', { execute_command: true }, /Session Manager \(role ssmmessages:.*Add "ssmmessages"/],
    ['sign-in by Cognito', { auth: 'cognito' }, /Cognito \(sign-in auth cognito\).*Set nat_mode, because a user pool/],
    ['people in Cognito', { auth: 'cognito', task_grants: ['identity'] }, /Cognito \(role cognito-idp:AdminGetUser/],
    [
      'sign-in by a company',
      { auth: 'sso', sso_issuer: 'https://login.example.com', sso_client_id: 'a' },
      /login\.example\.com \(sign-in auth sso\).*Set nat_mode/,
    ],
    [
      'an issuer',
      { auth: 'issuer', auth_issuer: 'https://login.example.com:8443' },
      /login\.example\.com:8443 \(sign-in auth issuer\).*Set nat_mode and add 8443/,
    ],
    [
      'a host it calls',
      { upstream_hosts: ['api.example.com'] },
      /api\.example\.com \(setting upstream_hosts\).*Set nat_mode/,
    ],
    [
      'a service of AWS it calls',
      { upstream_hosts: ['sns.eu-west-1.amazonaws.com'] },
      /SNS \(setting upstream_hosts\).*Add "sns" to vpc_endpoints/,
    ],
    [
      'the same in another region',
      { upstream_hosts: ['sns.us-east-1.amazonaws.com'] },
      /SNS in us-east-1 .*own region/,
    ],
    [
      'a host in a variable',
      { container_env: { WEBHOOK_URL: 'https://hooks.example.com/a' } },
      /hooks\.example\.com \(variable WEBHOOK_URL\)/,
    ],
    [
      'a database elsewhere',
      { container_env: { DATABASE_URL: 'postgres://app@db.example.com/app' } },
      /db\.example\.com:5432 \(variable DATABASE_URL\)/,
    ],
  ])('is refused without a way to %s', async (_, changes, says) => {
    expect(await custom(changes)).toContainEqual(expect.stringMatching(says));
  });

  it.each<[what: string, changes: Changes]>([
    ['queues', { ...alsoThrough('sqs'), queues: ['work'], task_grants: ['queues'] }],
    ['mail', { ...alsoThrough('email'), mail_domain: 'example.com', task_grants: ['mail'] }],
    ['a shell', { ...alsoThrough('ssmmessages', 'kms'), execute_command: true }],
    ['a service it calls', { ...alsoThrough('sns'), upstream_hosts: ['sns.eu-west-1.amazonaws.com'] }],
    ['a bucket and tables', { store_mode: 'dynamodb', data_bucket: true, task_grants: ['tables', 'data-bucket'] }],
    ['no image of ECR', { nat_mode: 'single', vpc_endpoints: ['logs'], container_image: 'ghcr.io/a/b:v1' }],
    ['a neighbour', { container_env: { OTHER_URL: 'http://app.app-services:8001', PEER_URL: 'https://10.0.0.1' } }],
    [
      'its own address',
      { container_env: { BASE_URL: 'https://api.example.com', CORS_ORIGIN: 'https://a.example.com' } },
    ],
  ])('may need %s with what that takes', async (_, changes) => {
    expect(await custom(changes)).toEqual([]);
  });

  it('is told once for both colours, and in every layout of the state', async () => {
    const changes = { nat_mode: 'none', vpc_endpoints: ['ecr.api', 'ecr.dkr', 'logs'] };
    const missingIn = async (state_layout: string) =>
      (await unreached('prod', { ...changes, state_layout })).map(missing).toSorted();
    const single = await missingIn('single');
    expect(await missingIn('layered')).toEqual(single);
    expect(new Set(single).size).toBe(single.length);
  });

  it('names everything that is missing at once', async () => {
    const lines = await unreached('prod', { nat_mode: 'none', vpc_endpoints: ['ecr.api', 'ecr.dkr', 'logs'] });
    expect(lines.map(missing).toSorted()).toEqual(
      [
        ...[
          'CloudTrail',
          'Cognito',
          'Cost Explorer',
          'EC2',
          'ECS',
          'Lambda',
          'OpenSearch',
          'RDS',
          'Resource Groups Tagging',
          'STS',
        ],
        ...['SQS', 'Secrets Manager', 'X-Ray', 'public.ecr.aws'],
      ].toSorted(),
    );
  });

  it('cannot tag another region through endpoints', async () => {
    const all = { nat_mode: 'none', vpc_endpoints: [...interfaceEndpointServices] };
    const lines = await unreached('examples/tag-governance/prod', all);
    expect(lines).toContainEqual(expect.stringMatching(/RDS in us-west-2 .*an endpoint serves its own region/));
    expect(lines).toContainEqual(
      expect.stringMatching(/login\.example\.com \(variable SSO_ISSUER; sign-in auth sso\)/),
    );
    expect(lines.join()).not.toMatch(/cannot reach (EC2|RDS|STS|Cost Explorer) \(/);
  });
});

it('reads what a role may do in policies of its own too', async () => {
  const estate_accounts = Array.from({ length: 100 }, (_, index) => String(200_000_000_000 + index));
  const lines = await unreached('examples/tag-governance/prod', {
    nat_mode: 'none',
    vpc_endpoints: ['logs'],
    estate_accounts,
  });
  expect(lines).toContainEqual(expect.stringMatching(/STS \(role sts:GetCallerIdentity, sts:AssumeRole\)/));
});

describe('a task with NAT', () => {
  const nat = { nat_mode: 'single', vpc_endpoints: [] };

  it('reaches every service and every host by https', async () => {
    const calling = { upstream_hosts: ['a.example.com', 'sns.us-east-1.amazonaws.com'], task_grants: ['metrics'] };
    expect(await custom({ ...nat, ...calling })).toEqual([]);
  });

  it('reaches other ports where they are open', async () => {
    const calling = { ...nat, upstream_hosts: ['db.example.com:5432'] };
    expect(await custom(calling)).toEqual([
      expect.stringMatching(/db\.example\.com:5432 \(setting upstream_hosts\).*Add 5432 to task_egress_ports\./),
    ]);
    expect(await custom({ ...calling, task_egress_ports: [5432] })).toEqual([]);
  });
});

describe('a function in the network', () => {
  const inVpc = {
    store_mode: 'postgres',
    vpc_cidr: '10.0.0.0/16',
    availability_zones: ['us-east-1a', 'us-east-1b'],
    public_cidrs: ['10.0.1.0/24', '10.0.2.0/24'],
    private_cidrs: ['10.0.11.0/24', '10.0.12.0/24'],
  };

  it('needs what its code calls, and neither an image nor its log', async () => {
    const lines = (await unreached('examples/startup/prod', { ...inVpc, nat_mode: 'none' })).join('\n');
    expect(lines).toMatch(/Secrets Manager \(role secretsmanager:GetSecretValue\).*Add "secretsmanager"/);
    expect(lines).toMatch(/Cognito \(variable SSO_ISSUER; sign-in auth cognito\).*Set nat_mode/);
    expect(lines).toMatch(/EC2 \(role ec2:DescribeInstances, ec2:DescribeVpcs, ec2:CreateTags/);
    expect(lines).not.toMatch(/ECR|Logs|X-Ray|NetworkInterface/);
  });

  it('has all of it through NAT', async () => {
    expect(await unreached('examples/startup/prod', { ...inVpc, nat_mode: 'single' })).toEqual([]);
  });
});

describe('an instance', () => {
  const image = 'example/app:v1';
  const alone = { nat_mode: 'none', vpc_endpoints: ['logs'], container_image: image, xray: true };

  it('needs its image, its secrets, its log, Session Manager and the collector of its traces', async () => {
    const lines = (await unreached('examples/startup/staging', alone)).join('\n');
    for (const what of [
      'registry-1.docker.io',
      'public.ecr.aws',
      'Secrets Manager',
      'Systems Manager',
      'Session Manager',
    ])
      expect(lines).toContain(`cannot reach ${what} (`);
    expect(lines).not.toMatch(/Logs|packages/);
    const other = (await unreached('examples/startup/staging', { ...alone, vpc_endpoints: ['ssm'] })).join('\n');
    expect(other).toMatch(/CloudWatch Logs \(log driver awslogs; role logs:/);
  });
});

it('the service of each action of a pack is known, but for four of which AWS names no endpoint', () => {
  const actions = Object.values<PackContract>(packs).flatMap((pack) => Object.keys(pack.actions ?? {}));
  const services = new Set(actions.map((action) => action.split(':')[0] ?? ''));
  const unknown = [...services].filter((service) => !Object.hasOwn(serviceAccess, service));
  expect(unknown.sort()).toEqual(['apigateway', 'cloudfront', 'cognito-identity', 'route53']);
});
