import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type TerraformStack, Testing } from 'cdktf';
import { Listeners } from '../load-balancer/listeners.ts';
import { ExecutionRole } from '../roles/execution-role.ts';
import { actionsAllowed, decide, type JudgedStatement, type Request, rulesOf } from '../testing/policy.ts';
import {
  archives,
  primaryDeploymentOf,
  readSynthesized,
  type Synthesized,
  settingsOf,
  synthesized,
} from '../testing/synthesized.ts';
import { addAccess, bindRoles } from './access.ts';
import { buildApp, synthesize } from './synthesize.ts';

const build = async (changes: Record<string, unknown> = {}): Promise<Synthesized | undefined> => {
  const app = Testing.stubVersion(new App({ stackTraces: false, outdir: 'unused' }));
  addAccess(app, 'prod', await primaryDeploymentOf('prod', changes));
  const stack = app.node.tryFindChild('prod-access');
  return stack === undefined ? undefined : readSynthesized(Testing.synth(stack as TerraformStack, true));
};
const made = async (changes: Record<string, unknown> = {}): Promise<Synthesized> => {
  const access = await build(changes);
  if (access === undefined) throw new Error('no access stack');
  return access;
};

const account = '111122223333';
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const boundary = { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/countersign-prod-boundary` };
const state = 'arn:aws:s3:::countersign-111122223333-terraform-state';

describe('access from GitHub', () => {
  it('is a stack of its own, and only with a repository', async () => {
    expect(await build({ github_repository: undefined })).toBeUndefined();
    const stacks = async (name: string) => {
      const app = buildApp({
        label: name,
        regions: await settingsOf(name),
        target: { kind: 'offline', stateFolder: '.' },
        outdir: '/tmp/never-written',
        archives,
      });
      return app.node.children.map(({ node }) => node.id);
    };
    expect(await stacks('prod')).toEqual(['prod-access', 'prod-us-east-1']);
    expect(await stacks('dev')).toEqual(['dev-us-east-1']);
  });

  it('makes the provider of an account that has none', async () => {
    const provider = (await made()).one('aws_iam_openid_connect_provider');
    expect(provider).toMatchObject({
      url: 'https://token.actions.githubusercontent.com',
      client_id_list: ['sts.amazonaws.com'],
    });
    expect((await made({ github_oidc_provider: false })).all('aws_iam_openid_connect_provider')).toEqual({});
  });

  it.each([
    ['plan', ['repo:example/countersign:pull_request', 'repo:example/countersign:ref:refs/heads/main']],
    ['apply', ['repo:example/countersign:environment:prod']],
    ['image', ['repo:example/countersign:ref:refs/heads/main']],
    ['cutover', ['repo:example/countersign:environment:prod']],
  ])('trusts jobs of the repository alone: %s', async (name, subjects) => {
    expect(rulesOf(await made(), `${name}_trust`)).toMatchObject([
      {
        actions: ['sts:AssumeRoleWithWebIdentity'],
        principals: [
          {
            type: 'Federated',
            identifiers: [`arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`],
          },
        ],
        condition: [
          { test: 'StringEquals', values: ['sts.amazonaws.com'] },
          { test: 'StringEquals', variable: 'token.actions.githubusercontent.com:sub', values: subjects },
        ],
      },
    ]);
  });
});

const allowed = async (
  name: 'plan' | 'apply' | 'image' | 'cutover',
  action: string,
  resource = '*',
  context: Request['context'] = {},
) => decide(rulesOf(await made(), `${name}_permissions`), { action, resource, context }).allowed;

describe('the plan role', () => {
  it('reads settings and the environment’s own state', async () => {
    for (const action of ['ec2:DescribeVpcs', 'dynamodb:DescribeTable', 's3:GetBucketPolicy', 'iam:GetRolePolicy'])
      expect([action, await allowed('plan', action)]).toEqual([action, true]);
    expect(await allowed('plan', 's3:GetObject', `${state}/countersign/prod/us-east-1.tfstate`)).toBe(true);
    expect(await allowed('plan', 's3:GetObject', `${state}/countersign/dev/us-east-1.tfstate`)).toBe(false);
    expect(await allowed('plan', 's3:PutObject', `${state}/countersign/prod/us-east-1.tfstate`)).toBe(false);
  });

  // The provider asks HEAD of a bucket first (s3:ListBucket) and of a folder, and reads deliveries of access logs.
  it('reads buckets, their folders and log deliveries, as the provider does', async () => {
    expect(await allowed('plan', 's3:ListBucket', 'arn:aws:s3:::countersign-prod-data')).toBe(true);
    expect(await allowed('plan', 's3:ListBucket', 'arn:aws:s3:::elsewhere')).toBe(false);
    expect(await allowed('plan', 's3:GetObject', 'arn:aws:s3:::countersign-prod-data/alerts/')).toBe(true);
    expect(await allowed('plan', 's3:GetObject', 'arn:aws:s3:::countersign-prod-data/alerts/1.json')).toBe(false);
    for (const action of ['GetDelivery', 'GetDeliverySource', 'GetDeliveryDestination'])
      expect([action, await allowed('plan', `logs:${action}`)]).toEqual([action, true]);
  });

  it('reads the secrets that come into a plan as variables, and no other', async () => {
    const secret = (name: string) =>
      `arn:aws:secretsmanager:us-east-1:${account}:secret:countersign/prod/${name}-AbCdEf`;
    for (const name of ['origin-verify', 'preview'])
      expect([name, await allowed('plan', 'secretsmanager:GetSecretValue', secret(name))]).toEqual([name, true]);
    for (const name of ['encryption-keys', 'oauth-credentials', 'preview-of-others'])
      expect([name, await allowed('plan', 'secretsmanager:GetSecretValue', secret(name))]).toEqual([name, false]);
  });

  it.each([
    'secretsmanager:GetSecretValue',
    'secretsmanager:BatchGetSecretValue',
    'dynamodb:GetItem',
    'dynamodb:Scan',
    's3:GetObject',
    'ssm:GetParameter',
    'logs:GetLogEvents',
    'sqs:ReceiveMessage',
    'cognito-idp:AdminGetUser',
    'cognito-idp:ListUsers',
    'kms:Decrypt',
    'ecr:GetAuthorizationToken',
  ])('does not see what is kept: %s', async (action) => {
    expect(await allowed('plan', action)).toBe(false);
  });

  it('reads what was spent and what is forecast, for the weekly cost report', async () => {
    for (const action of ['ce:GetCostAndUsage', 'ce:GetCostForecast', 'ce:CreateAnomalyMonitor'])
      expect([action, await allowed('plan', action)]).toEqual([action, action !== 'ce:CreateAnomalyMonitor']);
  });

  it('changes nothing', async () => {
    const reading = /:(BatchCheck|Describe|Get|List|View|GET$)/;
    const writing = actionsAllowed(rulesOf(await made(), 'plan_permissions')).filter((action) => !reading.test(action));
    expect(writing).toEqual([]);
  });
});

describe('the apply role', () => {
  const here = { 'aws:RequestedRegion': 'us-east-1' };

  it('makes things in the environment’s regions, and where its backups go', async () => {
    expect(await allowed('apply', 'ec2:CreateVpc', '*', here)).toBe(true);
    expect(await allowed('apply', 'backup:CreateBackupVault', '*', { 'aws:RequestedRegion': 'us-west-2' })).toBe(true);
    expect(await allowed('apply', 'ec2:CreateVpc', '*', { 'aws:RequestedRegion': 'eu-west-1' })).toBe(false);
    expect(await allowed('apply', 's3:CreateBucket', 'arn:aws:s3:::countersign-prod-archive')).toBe(true);
    expect(await allowed('apply', 's3:CreateBucket', 'arn:aws:s3:::elsewhere')).toBe(false);
    expect(await allowed('apply', 's3:PutObject', `${state}/countersign/prod/us-east-1.tfstate.tflock`)).toBe(true);
  });

  it('makes roles of the environment, within the boundary only', async () => {
    const own = role('countersign-prod-task-role');
    expect(await allowed('apply', 'iam:CreateRole', own, boundary)).toBe(true);
    expect(await allowed('apply', 'iam:CreateRole', own)).toBe(false);
    expect(await allowed('apply', 'iam:PutRolePolicy', role('admin'), boundary)).toBe(false);
    expect(await allowed('apply', 'iam:DeleteRolePermissionsBoundary', own, boundary)).toBe(false);
    expect(await allowed('apply', 'iam:PassRole', own, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' })).toBe(
      true,
    );
    expect(await allowed('apply', 'iam:PassRole', own, { 'iam:PassedToService': 'glue.amazonaws.com' })).toBe(false);
    for (const action of [
      'iam:CreateUser',
      'iam:CreateAccessKey',
      'iam:CreatePolicy',
      'organizations:LeaveOrganization',
    ])
      expect([action, await allowed('apply', action, '*', here)]).toEqual([action, false]);
  });

  it('makes folders in the environment’s buckets, and no other object', async () => {
    const bucket = 'arn:aws:s3:::countersign-prod-data';
    expect(await allowed('apply', 's3:PutObject', `${bucket}/alerts/`)).toBe(true);
    expect(await allowed('apply', 's3:PutObject', `${bucket}/alerts/1.json`)).toBe(false);
    expect(await allowed('apply', 's3:PutObject', 'arn:aws:s3:::elsewhere/alerts/')).toBe(false);
  });

  it('hands the role of log subscriptions over, though CloudWatch Logs does not say who takes it', async () => {
    expect(await allowed('apply', 'iam:PassRole', role('countersign-prod-log-hand'))).toBe(true);
    expect(await allowed('apply', 'iam:PassRole', role('countersign-prod-log-hand-eu-west-1'))).toBe(true);
    expect(await allowed('apply', 'iam:PassRole', role('countersign-prod-task-role'))).toBe(false);
    const glue = { 'iam:PassedToService': 'glue.amazonaws.com' };
    expect(await allowed('apply', 'iam:PassRole', role('countersign-prod-log-hand'), glue)).toBe(false);
  });

  it('makes policies of the environment’s own, for what does not fit inside a role', async () => {
    const policy = (name: string) => `arn:aws:iam::${account}:policy/${name}`;
    for (const action of ['CreatePolicy', 'CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'TagPolicy']) {
      expect(await allowed('apply', `iam:${action}`, policy('countersign-prod-task-role-EstateAssumeRole-1'))).toBe(
        true,
      );
      expect(await allowed('apply', `iam:${action}`, policy('other-task-role'))).toBe(false);
    }
  });

  it('cannot raise itself: neither its role, nor the boundary, nor who may take it', async () => {
    for (const name of ['apply', 'plan', 'image', 'cutover'].map((use) => `countersign-prod-${use}`)) {
      expect(await allowed('apply', 'iam:PutRolePolicy', role(name), boundary)).toBe(false);
      expect(await allowed('apply', 'iam:UpdateAssumeRolePolicy', role(name))).toBe(false);
    }
    for (const action of ['CreatePolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'TagPolicy'])
      expect(await allowed('apply', `iam:${action}`, boundary['iam:PermissionsBoundary'])).toBe(false);
    const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
    expect(await allowed('apply', 'iam:UpdateOpenIDConnectProviderThumbprint', provider)).toBe(false);
  });

  it('sees and makes no data, no people and no sessions', async () => {
    for (const action of [
      'secretsmanager:GetSecretValue',
      'dynamodb:PutItem',
      'cognito-idp:AdminAddUserToGroup',
      'ecs:ExecuteCommand',
      'ssm:StartSession',
    ])
      expect([action, await allowed('apply', action, '*', here)]).toEqual([action, false]);
  });
});

it('jobs of weekends plan with the secret of the preview, and see no other', async () => {
  const weekend = { weekend_only: true, destroy_albs_when_scaled_down: true, ingress_mode: 'alb' } as const;
  const rules = rulesOf(await made(weekend), 'apply_permissions');
  for (const [name, expected] of [
    ['preview', true],
    ['preview-of-others', false],
    ['encryption-keys', false],
  ] as const) {
    const resource = `arn:aws:secretsmanager:us-east-1:${account}:secret:countersign/prod/${name}-AbCdEf`;
    const context = { 'aws:RequestedRegion': 'us-east-1', 'aws:ResourceArn': resource };
    const decided = decide(rules, { action: 'secretsmanager:GetSecretValue', resource, context });
    expect([name, decided.allowed]).toEqual([name, expected]);
  }
});

describe('the cutover role', () => {
  const balancing = `arn:aws:elasticloadbalancing:us-east-1:${account}`;
  const live = { 'aws:ResourceTag/Traffic': 'live' };

  it('moves the weights of the rule that carries the traffic, and of no other rule', async () => {
    const may = (resource: string, context = {}) =>
      allowed('cutover', 'elasticloadbalancing:ModifyRule', resource, context);
    const rule = `${balancing}:listener-rule/app/countersign-prod-alb/1/2/3`;
    expect(await may(rule, live)).toBe(true);
    expect(await may(rule)).toBe(false);
    expect(await may(`${balancing}:listener-rule/app/payroll-alb/1/2/3`, live)).toBe(false);
    const regions = rulesOf(await made(), 'cutover_permissions').flatMap(({ resources }) => resources);
    expect(regions.filter((arn) => arn.includes(':eu-'))).toEqual([]);
  });

  it('is told the rule by a tag that the environment gives to one rule alone', async () => {
    const { json } = synthesized((stack) => {
      new Listeners(stack, 'listeners', {
        loadBalancerArn: 'alb',
        sslPolicy: 'any',
        redirectHttp: false,
        targetGroups: { blue: 'b', green: 'g' },
        activeColour: 'blue',
        preview: ['secret'],
      });
    });
    const rules = Object.entries(readSynthesized(json).all('aws_lb_listener_rule'));
    expect(rules).toHaveLength(3);
    expect(
      rules
        .filter(([, { tags }]) => (tags as Record<string, string> | undefined)?.Traffic === 'live')
        .map(([name]) => name),
    ).toEqual(['live']);
  });

  it('sets the counts of the two services, and what scales them', async () => {
    const service = (name: string) => `arn:aws:ecs:us-east-1:${account}:service/countersign-prod-cluster/${name}`;
    for (const name of ['countersign-prod-service', 'countersign-prod-service-green'])
      expect([name, await allowed('cutover', 'ecs:UpdateService', service(name))]).toEqual([name, true]);
    expect(await allowed('cutover', 'ecs:UpdateService', service('payroll'))).toBe(false);
    const target = `arn:aws:application-autoscaling:us-east-1:${account}:scalable-target/1`;
    const counts = {
      'application-autoscaling:service-namespace': 'ecs',
      'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount',
    };
    for (const action of ['PutScheduledAction', 'RegisterScalableTarget']) {
      expect(await allowed('cutover', `application-autoscaling:${action}`, target, counts)).toBe(true);
      expect(await allowed('cutover', `application-autoscaling:${action}`, target)).toBe(false);
    }
  });

  it('keeps its own record beside the states, deletes none, and reads no state', async () => {
    const record = `${state}/countersign/prod/us-east-1.cutover.json`;
    for (const action of ['s3:GetObject', 's3:PutObject']) expect(await allowed('cutover', action, record)).toBe(true);
    expect(await allowed('cutover', 's3:DeleteObject', record)).toBe(false);
    // Whoever wrote it could begin with a store that was not migrated.
    const migrated = `${state}/countersign/prod/us-east-1.migrated.json`;
    expect(await allowed('cutover', 's3:GetObject', migrated)).toBe(true);
    for (const action of ['s3:PutObject', 's3:DeleteObject'])
      expect(await allowed('cutover', action, migrated)).toBe(false);
    for (const key of ['countersign/prod/us-east-1.tfstate', 'countersign/staging/us-east-1.cutover.json'])
      expect([key, await allowed('cutover', 's3:GetObject', `${state}/${key}`)]).toEqual([key, false]);
  });

  it('opens the preview, and no other secret', async () => {
    const secret = (name: string) =>
      `arn:aws:secretsmanager:us-east-1:${account}:secret:countersign/prod/${name}-AbCdEf`;
    expect(await allowed('cutover', 'secretsmanager:GetSecretValue', secret('preview'))).toBe(true);
    for (const name of ['origin-verify', 'encryption-keys'])
      expect([name, await allowed('cutover', 'secretsmanager:GetSecretValue', secret(name))]).toEqual([name, false]);
  });

  it('has no IAM, registers no version and runs no task', async () => {
    const actions = actionsAllowed(rulesOf(await made(), 'cutover_permissions'));
    expect(
      actions.filter((action) => /^(iam|sts):|RegisterTaskDefinition|RunTask|CreateService|\*/.test(action)),
    ).toEqual([]);
  });

  it('is there where traffic is cut over', async () => {
    expect((await made({ blue_green: false })).json).not.toContain('countersign-prod-cutover');
  });

  it('may be taken on a clock, without an approval, only where the way back is kept open for hours', async () => {
    const subjects = async (changes: Record<string, unknown>) =>
      rulesOf(await made(changes), 'cutover_trust').flatMap(({ condition = [] }) =>
        condition.filter(({ variable }) => variable.endsWith(':sub')).flatMap(({ values }) => values),
      );
    const approved = 'repo:example/countersign:environment:prod';
    expect(await subjects({})).toEqual([approved]);
    expect(await subjects({ cutover_hold_hours: 24 })).toEqual([approved, `${approved}-finish`]);
  });

  /** The role of another environment. */
  const others = async (name: string, changes: Record<string, unknown>) => {
    const app = Testing.stubVersion(new App({ stackTraces: false, outdir: 'unused' }));
    addAccess(app, 'any', await primaryDeploymentOf(name, { github_repository: 'example/countersign', ...changes }));
    const access = readSynthesized(Testing.synth(app.node.findChild('any-access') as TerraformStack));
    const rules = rulesOf(access, 'cutover_permissions');
    return {
      actions: actionsAllowed(rules),
      may: (action: string, resource: string, context: Request['context'] = {}) =>
        decide(rules, { action, resource, context }).allowed,
    };
  };

  it('moves the alias of its function, and of no other', async () => {
    const { may, actions } = await others('examples/startup/prod', { lambda_cutover: true });
    const fn = (name: string) => `arn:aws:lambda:us-east-1:${account}:function:${name}`;
    expect(may('lambda:UpdateAlias', fn('startup-mcp-prod-service'))).toBe(true);
    expect(may('lambda:InvokeFunction', fn('startup-mcp-prod-service:2'))).toBe(true);
    for (const name of ['startup-mcp-prod-authorizer', 'payroll'])
      expect(may('lambda:UpdateAlias', fn(name))).toBe(false);
    const more = /^(iam|sts|ecs|ec2|elastic)|Publish|Create|UpdateFunction|\*/;
    expect(actions.filter((action) => more.test(action))).toEqual([]);
  });

  it('replaces the instances of its group by those of its launch template, and runs no others', async () => {
    const { may, actions } = await others('examples/startup/staging', { instance_cutover: true });
    const group = (name: string) =>
      `arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:1f:autoScalingGroupName/${name}`;
    for (const verb of ['Start', 'Cancel', 'Rollback'])
      expect(may(`autoscaling:${verb}InstanceRefresh`, group('startup-mcp-staging-service'))).toBe(true);
    expect(may('autoscaling:StartInstanceRefresh', group('payroll'))).toBe(false);
    const ec2 = (kind: string) => `arn:aws:ec2:us-east-1:${account}:${kind}/1`;
    const own = { 'aws:ResourceTag/Project': 'startup-mcp', 'aws:ResourceTag/Environment': 'staging' };
    expect(may('ec2:RunInstances', ec2('launch-template'), own)).toBe(true);
    expect(may('ec2:RunInstances', ec2('launch-template'))).toBe(false);
    const fromTemplate = { 'ec2:LaunchTemplate': ec2('launch-template'), 'ec2:IsLaunchTemplateResource': 'true' };
    expect(may('ec2:RunInstances', ec2('instance'), fromTemplate)).toBe(true);
    expect(may('ec2:RunInstances', ec2('instance'))).toBe(false);
    for (const kind of ['subnet', 'security-group']) {
      expect([kind, may('ec2:RunInstances', ec2(kind), fromTemplate)]).toEqual([kind, false]);
      expect([kind, may('ec2:RunInstances', ec2(kind), { ...fromTemplate, ...own })]).toEqual([kind, true]);
    }
    const ofEc2 = { 'iam:PassedToService': 'ec2.amazonaws.com' };
    expect(may('iam:PassRole', role('startup-mcp-staging-task-role'), ofEc2)).toBe(true);
    expect(may('iam:PassRole', role('startup-mcp-staging-task-role'))).toBe(false);
    for (const other of ['payroll', 'startup-mcp-staging-task-role-of-others'])
      expect([other, may('iam:PassRole', role(other), ofEc2)]).toEqual([other, false]);
    const more = /^(iam|sts):|LaunchTemplateVersion$|UpdateAutoScalingGroup|\*/;
    expect(actions.filter((action) => more.test(action))).toEqual(['iam:PassRole']);
  });
});

describe('the image role', () => {
  it('adds images to the environment’s repository, and takes none away', async () => {
    const own = `arn:aws:ecr:us-east-1:${account}:repository/countersign`;
    for (const action of ['ecr:PutImage', 'ecr:UploadLayerPart', 'ecr:DescribeImages'])
      expect([action, await allowed('image', action, own)]).toEqual([action, true]);
    expect(await allowed('image', 'ecr:PutImage', own.replace('countersign', 'payroll'))).toBe(false);
    expect(await allowed('image', 'ecr:BatchDeleteImage', own)).toBe(false);
  });

  it('is not there where the image lies in another registry', async () => {
    const elsewhere = { container_image: 'ghcr.io/example-org/example-app:v1' };
    expect((await made(elsewhere)).json).not.toContain('countersign-prod-image');
  });
});

describe('the boundary', () => {
  it('holds every role of the environment where workflows may make roles', async () => {
    const execution = {
      name: 'a',
      accountId: account,
      region: 'us-east-1',
      images: [],
      logGroupArns: [],
      secretArns: [],
    };
    const bound = async (changes: Record<string, unknown>) => {
      const deployment = await primaryDeploymentOf('prod', changes);
      return synthesized((stack) => {
        bindRoles(stack, deployment);
        new ExecutionRole(stack, 'role', execution);
      }).one('aws_iam_role').permissions_boundary;
    };
    expect(await bound({})).toBe(boundary['iam:PermissionsBoundary']);
    expect(await bound({ github_repository: undefined })).toBeUndefined();
  });

  it.each(['dev', 'prod', 'examples/alerts/prod', 'examples/marketing/prod', 'examples/startup/prod'])(
    'leaves %s what its roles need',
    async (name) => {
      const outdir = await mkdtemp(join(tmpdir(), 'countersign-access-'));
      const regions = await settingsOf(name, { github_repository: 'example/countersign' });
      const target = { kind: 'offline', stateFolder: outdir } as const;
      const stacks = await synthesize({ label: 'a', regions, target, outdir, archives });
      const read = async (stack: string) =>
        readSynthesized(await readFile(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
      const [access, environment] = await Promise.all(stacks.map(read));
      await rm(outdir, { recursive: true });
      if (access === undefined || environment === undefined) throw new Error('two stacks were expected');
      const within = rulesOf(access, 'boundary_document').map(({ actions }) => ({
        sid: '',
        actions,
        resources: ['*'],
      }));
      const documents = Object.entries(environment.data('aws_iam_policy_document')).filter(([address]) =>
        Object.values(environment.all('aws_iam_role_policy')).some(({ policy }) =>
          String(policy).includes(`.${address}.`),
        ),
      );
      expect(documents.length).toBeGreaterThan(2);
      const needed = documents.flatMap(([, { statement }]) => actionsAllowed(statement as JudgedStatement[]));
      expect(needed.filter((action) => !decide(within, { action, resource: '*' }).allowed)).toEqual([]);
    },
  );

  it('leaves out IAM, other people’s buckets, tables and secrets', async () => {
    const rules = rulesOf(await made(), 'boundary_document');
    const may = (action: string, resource = '*') => decide(rules, { action, resource }).allowed;
    expect(actionsAllowed(rules).filter((action) => action.startsWith('iam:'))).toEqual([]);
    expect(may('s3:GetObject', 'arn:aws:s3:::countersign-prod-archive/a')).toBe(true);
    expect(may('s3:GetObject', 'arn:aws:s3:::payroll/a')).toBe(false);
    expect(may('dynamodb:GetItem', `arn:aws:dynamodb:us-east-1:${account}:table/countersign-prod-people`)).toBe(true);
    expect(may('dynamodb:GetItem', `arn:aws:dynamodb:us-east-1:${account}:table/payroll`)).toBe(false);
    expect(may('sts:AssumeRole', role('CrossAccountTagAuditRole'))).toBe(true);
    expect(may('sts:AssumeRole', role('admin'))).toBe(false);
    expect(may('lambda:UpdateFunctionCode')).toBe(false);
  });
});
